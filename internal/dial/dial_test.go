package dial

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTransport(t *testing.T) {
	web := httptest.NewServer(http.NotFoundHandler())
	defer web.Close()
	port := web.URL[strings.LastIndex(web.URL, ":"):]
	for _, host := range []string{"127.0.0.1", "localhost", "0x7f.1", "2130706433", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0"} {
		resp, err := (&http.Client{Transport: Transport()}).Get("http://" + host + port)
		if err == nil {
			resp.Body.Close()
		}
		require.Error(t, err, host)
		if host != "0x7f.1" && host != "2130706433" { // which not every resolver knows
			require.True(t, Refused(err), "%s: %v", host, err)
		}
	}
	for _, address := range []string{"10.1.2.3", "192.168.0.1", "169.254.169.254", "[fe80::1]", "[fc00::1]", "100.64.0.1"} {
		_, err := (&http.Client{Transport: Transport(Loopback()...)}).Get("http://" + address + port)
		require.True(t, Refused(err), "%s: %v", address, err)
	}
	_, err := (&http.Client{Transport: Transport(Private()...)}).Get("http://169.254.169.254" + port)
	require.True(t, Refused(err))
	loopback := Transport(Loopback()...)
	defer loopback.CloseIdleConnections()
	resp, err := (&http.Client{Transport: loopback}).Get(web.URL)
	require.NoError(t, err, "the host says so")
	resp.Body.Close()
}

// TestGuardian checks where a transport may connect to, by the addresses that
// names were resolved to.
func TestGuardian(t *testing.T) {
	tests := []struct {
		address         string
		public, private bool
	}{
		{"93.184.215.14:443", true, true},
		{"93.184.215.14:8443", true, true},
		{"[2606:2800:21f:cb07:6820:80da:af6b:8b2c]:443", true, true},
		{"127.0.0.1:80", false, true},
		{"127.8.8.8:80", false, true},
		{"[::1]:80", false, true},
		{"10.0.0.1:80", false, true},
		{"172.16.0.1:80", false, true},
		{"192.168.1.1:80", false, true},
		{"100.64.0.1:80", false, true},
		{"[fd00::1]:80", false, true},
		{"169.254.169.254:80", false, false},
		{"[fe80::1%eth0]:80", false, false},
		{"[fd00:ec2::254]:80", false, true},
		{"[::ffff:127.0.0.1]:80", false, false},
		{"[::ffff:169.254.169.254]:80", false, false},
		{"[64:ff9b::7f00:1]:80", false, false},
		{"[2002:7f00:1::]:80", false, false},
		{"0.0.0.0:80", false, false},
		{"[::]:80", false, false},
		{"224.0.0.1:80", false, false},
		{"255.255.255.255:80", false, false},
		{"198.18.0.1:80", false, false},
	}
	for _, test := range tests {
		network := "tcp4"
		if strings.HasPrefix(test.address, "[") {
			network = "tcp6"
		}
		require.Equal(t, test.public, guardian(nil).Safe(network, test.address, nil) == nil, test.address)
		require.Equal(t, test.private, guardian(Private()).Safe(network, test.address, nil) == nil, "%s, private allowed", test.address)
	}
}
