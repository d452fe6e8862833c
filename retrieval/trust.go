package retrieval

import "math"

// Bounds of what trials can make of a trust.
const (
	trustStrength = 5 // how firmly it is 1 without trials: as so many units of information
	leastTrust    = 0.1
	fitRounds     = 20 // steps of a fit; five are usual
)

// An example is what nearWeights make of a question with the truth about it.
type example struct {
	near       float64
	answerable bool
}

// trust returns what near evidence is worth on the content that the examples are
// from: the slope of a logistic regression with the evidence as its variable. It
// is 1 for content like that which the weights were fitted to, and less where
// texts are so alike that a question finds as much without its answer. How many
// of the examples are answerable does not matter: their level is fitted as well,
// and dropped.
func trust(examples []example) float64 {
	level, slope := 0.0, 1.0
	now := trustLoss(level, slope, examples)
	for range fitRounds {
		byLevel, bySlope := trustStep(level, slope, examples)
		scale := 1.0
		for range fitRounds { // a full step can overshoot far from the optimum
			if trustLoss(level+scale*byLevel, slope+scale*bySlope, examples) <= now {
				break
			}
			scale /= 2
		}
		level, slope = level+scale*byLevel, slope+scale*bySlope
		next := trustLoss(level, slope, examples)
		if next > now-1e-6 {
			break
		}
		now = next
	}
	return max(slope, leastTrust)
}

// trustLoss is what trust minimises.
func trustLoss(level, slope float64, examples []example) float64 {
	sum := levelStrength/2*level*level + trustStrength/2*(slope-1)*(slope-1)
	for _, e := range examples {
		z := level + slope*e.near
		if e.answerable {
			z = -z
		}
		sum += softplus(z)
	}
	return sum
}

// levelStrength keeps the level finite where one line parts the examples.
const levelStrength = 0.01

// softplus is log(1+exp(z)), without overflow.
func softplus(z float64) float64 { return max(z, 0) + math.Log1p(math.Exp(-math.Abs(z))) }

// trustStep returns the step to where the loss would be least if it were
// quadratic.
func trustStep(level, slope float64, examples []example) (byLevel, bySlope float64) {
	g0, g1 := -levelStrength*level, trustStrength*(1-slope)
	h00, h01, h11 := levelStrength, 0.0, float64(trustStrength)
	for _, e := range examples {
		p, truth := 1/(1+math.Exp(-level-slope*e.near)), 0.0
		if e.answerable {
			truth = 1
		}
		g0, g1 = g0+truth-p, g1+(truth-p)*e.near
		c := p * (1 - p)
		h00, h01, h11 = h00+c, h01+c*e.near, h11+c*e.near*e.near
	}
	det := h00*h11 - h01*h01 // above zero, as the matrix is positive definite
	return (g0*h11 - g1*h01) / det, (g1*h00 - g0*h01) / det
}
