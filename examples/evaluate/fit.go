package main

import "math"

// A judged question is its signals with the truth about it.
type judged struct {
	signals    []float64 // the first is 1
	answerable bool
	weight     float64
}

// ridge keeps the weights of a fit small where examples are few.
const ridge = 1

// fit returns the weights of a logistic regression, by Newton's method.
func fit(questions []judged) []float64 {
	weights := make([]float64, len(questions[0].signals))
	for range 20 {
		gradient, hessian := slopes(weights, questions)
		step, largest := solve(hessian, gradient), 0.0
		for _, s := range step {
			largest = max(largest, math.Abs(s))
		}
		for i, s := range step {
			weights[i] += s * min(1, 5/largest) // a long step overshoots
		}
		if largest < 1e-3 {
			break
		}
	}
	return weights
}

// slopes returns the first and the second derivatives of the likelihood.
func slopes(weights []float64, questions []judged) ([]float64, [][]float64) {
	gradient, hessian := make([]float64, len(weights)), make([][]float64, len(weights))
	for i, w := range weights {
		hessian[i] = make([]float64, len(weights))
		hessian[i][i] = ridge
		gradient[i] = -ridge * w
	}
	for _, q := range questions {
		p, truth := probability(weights, q.signals), 0.0
		if q.answerable {
			truth = 1
		}
		for i, x := range q.signals {
			gradient[i] += q.weight * (truth - p) * x
			for j, scaled := 0, q.weight*p*(1-p)*x; j <= i; j++ {
				hessian[i][j] += scaled * q.signals[j]
			}
		}
	}
	for i := range hessian {
		for j := range i {
			hessian[j][i] = hessian[i][j]
		}
	}
	return gradient, hessian
}

// solve returns x of a·x = b by elimination. The matrix is positive definite, so
// no pivot is zero. Both arguments are used up.
func solve(a [][]float64, b []float64) []float64 {
	for i := range b {
		for j := i + 1; j < len(b); j++ {
			f := a[j][i] / a[i][i]
			for k := i; k < len(b); k++ {
				a[j][k] -= f * a[i][k]
			}
			b[j] -= f * b[i]
		}
	}
	for i := len(b) - 1; i >= 0; i-- {
		for j := i + 1; j < len(b); j++ {
			b[i] -= a[i][j] * b[j]
		}
		b[i] /= a[i][i]
	}
	return b
}

// probability is the logistic function of the weighted sum.
func probability(weights, signals []float64) float64 {
	return 1 / (1 + math.Exp(-sum(weights, signals)))
}

// sum is that of the signals by their weights.
func sum(weights, signals []float64) float64 {
	z := 0.0
	for i, w := range weights {
		z += w * signals[i]
	}
	return z
}

// predict returns the probabilities of the answerable questions and of the others.
func predict(weights []float64, questions []judged) (answerable, unanswerable []float64) {
	for _, q := range questions {
		if p := probability(weights, q.signals); q.answerable {
			answerable = append(answerable, p)
		} else {
			unanswerable = append(unanswerable, p)
		}
	}
	return answerable, unanswerable
}

// folds is how many parts of the questions are foretold by the others.
const folds = 5

// crossValidate foretells each question by a fit to the other folds.
func crossValidate(questions []judged) (answerable, unanswerable []float64) {
	for fold := range folds {
		var known, asked []judged
		for i, q := range questions {
			if i%folds == fold {
				asked = append(asked, q)
			} else {
				known = append(known, q)
			}
		}
		if len(known) == 0 || len(asked) == 0 {
			continue
		}
		yes, no := predict(fit(known), asked)
		answerable, unanswerable = append(answerable, yes...), append(unanswerable, no...)
	}
	return answerable, unanswerable
}

// squared adds the products of all pairs of signals, of which a fit to many
// questions makes good use.
func squared(questions []judged) []judged {
	out := make([]judged, len(questions))
	for i, q := range questions {
		signals := q.signals
		for j, x := range q.signals[1:] {
			for _, y := range q.signals[1 : j+2] {
				signals = append(signals[:len(signals):len(signals)], x*y)
			}
		}
		out[i] = judged{signals, q.answerable, q.weight}
	}
	return out
}
