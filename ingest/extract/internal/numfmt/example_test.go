package numfmt_test

import (
	"fmt"

	"github.com/frontdesk-go/frontdesk/ingest/extract/internal/numfmt"
)

func ExampleParse() {
	fmt.Println(numfmt.Parse("$#,##0.00").Number(1234.5, false))
	fmt.Println(numfmt.Parse("d mmm yyyy").Number(45000, false))
	// Output:
	// $1,234.50
	// 15 Mar 2023
}
