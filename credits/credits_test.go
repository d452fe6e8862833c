package credits_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/credits"
	"github.com/frontdesk-go/frontdesk/credits/creditstest"
)

func newLedger(t testing.TB, cfg credits.Config) *credits.Ledger {
	t.Helper()
	l, err := credits.NewLedger(cfg)
	require.NoError(t, err)
	return l
}

func TestLedgerIsMeter(t *testing.T) {
	creditstest.Run(t, func(t *testing.T, allowance credits.Amount) credits.Meter {
		l := newLedger(t, credits.Config{})
		require.NoError(t, l.Grant(t.Context(), "allowance", allowance, "gift"))
		return l
	})
}

func TestPlannedLedgerIsMeter(t *testing.T) {
	creditstest.Run(t, func(t *testing.T, allowance credits.Amount) credits.Meter {
		return newLedger(t, credits.Config{Plan: credits.Plan{Monthly: allowance}})
	})
}

func TestMemoryStore(t *testing.T) {
	creditstest.RunStore(t, func(*testing.T) credits.Store { return credits.NewMemoryStore() })
}

func TestUnlimited(t *testing.T) {
	var m credits.Meter = credits.Unlimited{}
	require.NoError(t, m.Hold(t.Context(), credits.Hold{Key: "a", Max: 1 << 60}))
	require.NoError(t, m.Settle(t.Context(), "b", 1<<60))
}

func TestAmountString(t *testing.T) {
	for amount, want := range map[credits.Amount]string{
		0: "0", 1: "0.001", 500: "0.5", 12 * credits.Credit: "12", 12500: "12.5", -12500: "-12.5", -1: "-0.001", 1010: "1.01",
	} {
		require.Equal(t, want, amount.String())
	}
}
