package main

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestFitThresholds(t *testing.T) {
	yes := []float64{.3, .5, .6, .7, .8, .9}
	no := []float64{.1, .2, .3, .35, .65}
	for _, test := range []struct {
		wanted, answer, ask, wrong float64
	}{
		{0, .7, .3, 0},
		{.2, .5, .5, 1. / 6}, // nothing below is worth asking back,
		{.5, .1, .1, 5. / 11},
	} {
		got := fitThresholds(yes, no, test.wanted)
		require.InDelta(t, test.answer, got.Answer, 1e-9, "%v", test.wanted)
		require.InDelta(t, test.ask, got.Ask, 1e-9, "%v", test.wanted)
		require.InDelta(t, test.wrong, got.Wrong, 1e-9, "%v", test.wanted)
	}
	require.Greater(t, fitThresholds([]float64{.2}, []float64{.9}, 0).Answer, 1., "no score keeps it")
}
