package ingest_test
import ("testing";"context";"os";"fmt";"github.com/frontdesk-go/frontdesk/ingest";"github.com/frontdesk-go/frontdesk/ingest/extract";"github.com/frontdesk-go/frontdesk/ingest/files")
func TestZZ(t *testing.T){ k:=newKnowledge(); p,_:=ingest.New(ingest.Config{Knowledge:k,Extractor:extract.New(nil)})
 for _,d:=range []string{"sendgrid","chatwoot","sap-btp"}{ for range 2 { r,err:=p.Sync(context.Background(),files.New(os.DirFS("/work/shared/data/helpcenters/"+d),&files.Options{Name:d,Prefix:d+"/"})); fmt.Println(d,r,err); for _,f:=range r.Failed{fmt.Println("   ",f)} } } }
