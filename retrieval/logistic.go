package retrieval

import "math"

// A model turns features into a probability: a logistic regression.
type model struct{ weights features }

// probability is how likely the features speak for an answer.
func (m *model) probability(f features) float64 {
	z := 0.0
	for i, w := range m.weights {
		z += w * f[i]
	}
	return 1 / (1 + math.Exp(-z))
}

// An example is features with the truth about them.
type example struct {
	features   features
	answerable bool
	weight     float64
}

// fit returns the weights that explain the examples best while staying near
// the prior ones: with few examples it is close to prior, with many to them.
func fit(prior features, strength float64, examples []example) *model {
	m := &model{prior}
	now := m.loss(prior, strength, examples)
	for range fitRounds {
		step := m.newton(prior, strength, examples)
		next, scale := 0.0, 1.0
		for range fitRounds { // a full step can overshoot far from the optimum
			tried := &model{m.weights}
			for i := range step {
				tried.weights[i] += scale * step[i]
			}
			if next = tried.loss(prior, strength, examples); next <= now {
				m = tried
				break
			}
			scale /= 2
		}
		if next > now-1e-6 {
			break
		}
		now = next
	}
	return m
}

// fitRounds bounds the steps of a fit. Five are usual.
const fitRounds = 20

// loss is what fit minimises.
func (m *model) loss(prior features, strength float64, examples []example) float64 {
	sum := 0.0
	for i, w := range m.weights {
		sum += strength / 2 * (w - prior[i]) * (w - prior[i])
	}
	for _, e := range examples {
		p := m.probability(e.features)
		if !e.answerable {
			p = 1 - p
		}
		sum -= e.weight * math.Log(max(p, 1e-12))
	}
	return sum
}

// newton returns the step to where the loss would be least if it were quadratic.
func (m *model) newton(prior features, strength float64, examples []example) features {
	var gradient features
	var hessian [featureCount][featureCount]float64
	for i := range hessian {
		gradient[i] = strength * (prior[i] - m.weights[i])
		hessian[i][i] = strength
	}
	for _, e := range examples {
		p, truth := m.probability(e.features), 0.0
		if e.answerable {
			truth = 1
		}
		for i, x := range e.features {
			gradient[i] += e.weight * (truth - p) * x
			for j, y := range e.features {
				hessian[i][j] += e.weight * p * (1 - p) * x * y
			}
		}
	}
	return solve(hessian, gradient)
}

// solve returns x of a·x = b by elimination. The matrix is positive definite,
// so no pivot is zero.
func solve(a [featureCount][featureCount]float64, b features) features {
	for i := range b {
		for j := i + 1; j < featureCount; j++ {
			f := a[j][i] / a[i][i]
			for k := i; k < featureCount; k++ {
				a[j][k] -= f * a[i][k]
			}
			b[j] -= f * b[i]
		}
	}
	for i := featureCount - 1; i >= 0; i-- {
		for j := i + 1; j < featureCount; j++ {
			b[i] -= a[i][j] * b[j]
		}
		b[i] /= a[i][i]
	}
	return b
}
