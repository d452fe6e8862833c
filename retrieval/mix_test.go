package retrieval_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/retrieval"
)

func TestEvidenceAmongQuestionsOfAMix(t *testing.T) {
	e := retrieval.Evidence{Near: 1, Far: 4}
	for _, tt := range []struct {
		mix  retrieval.Mix
		want float64
	}{
		{retrieval.Mix{Answered: 1}, 1},
		{retrieval.Mix{Answered: 1, Near: 1}, 1 / (1 + math.Exp(-1))},
		{retrieval.Mix{Answered: 60, Far: 60}, 1 / (1 + math.Exp(-4))},
		{retrieval.Mix{Answered: 3, Near: 1, Far: 2}, 1 / (1 + math.Exp(-1)/3 + math.Exp(-4)*2/3)},
		{retrieval.Mix{}, e.Answerable(retrieval.Mix{Answered: 5. / 9, Near: 2. / 9, Far: 2. / 9})},
	} {
		require.InDelta(t, tt.want, e.Answerable(tt.mix), 1e-9, "%+v", tt.mix)
	}
}

func TestAMixIsStated(t *testing.T) {
	q := retrieval.Query{Text: "how do i start a return"}
	plain := retrieve(t, newKnowledge(t, retrieval.Config{}, shop()...), q)
	rare := retrieval.Mix{Answered: 1, Near: 9}
	stated := retrieve(t, newKnowledge(t, retrieval.Config{Mix: rare}, shop()...), q)
	require.Equal(t, plain.Evidence, stated.Evidence, "what is found does not depend on what is asked")
	require.Equal(t, stated.Evidence.Answerable(rare), stated.Answerable)
	require.Less(t, stated.Answerable, plain.Answerable, "where few questions are answered, it takes more to believe in one")
}

func TestAMixThatIsNone(t *testing.T) {
	for _, m := range []retrieval.Mix{{Near: 1}, {Answered: 1, Far: -1}, {Answered: math.NaN()}, {Answered: 1, Near: math.Inf(1)}} {
		_, err := retrieval.New(t.Context(), retrieval.Config{Mix: m})
		require.ErrorContains(t, err, "the parts of a Mix must be", "%+v", m)
	}
}
