package main

import (
	"cmp"
	"math"
	"slices"
)

// ndcg is the normalised discounted cumulative gain of the first k documents,
// with the grade itself as the gain, as trec_eval counts it.
func ndcg(ranked []string, relevant map[string]int, k int) float64 {
	gain := 0.0
	for i, id := range ranked[:min(k, len(ranked))] {
		gain += float64(relevant[id]) / math.Log2(float64(i+2))
	}
	grades := make([]int, 0, len(relevant))
	for _, g := range relevant {
		grades = append(grades, g)
	}
	slices.SortFunc(grades, func(a, b int) int { return cmp.Compare(b, a) })
	// The best ranking there could be, by which the gain is divided.
	ideal := 0.0
	for i, g := range grades[:min(k, len(grades))] {
		ideal += float64(g) / math.Log2(float64(i+2))
	}
	return ratio(gain, ideal)
}

// recall is the share of the relevant documents among the first k.
func recall(ranked []string, relevant map[string]int, k int) float64 {
	n := 0
	for _, id := range ranked[:min(k, len(ranked))] {
		if relevant[id] > 0 {
			n++
		}
	}
	return ratio(float64(n), float64(len(relevant)))
}

// reciprocal is one over the rank of the first relevant document of k, or zero.
func reciprocal(ranked []string, relevant map[string]int, k int) float64 {
	for i, id := range ranked[:min(k, len(ranked))] {
		if relevant[id] > 0 {
			return 1 / float64(i+1)
		}
	}
	return 0
}

// auroc is the chance that a random answerable question scores above a random
// unanswerable one, where equal scores count half.
func auroc(answerable, unanswerable []float64) float64 {
	low := slices.Sorted(slices.Values(unanswerable))
	sum := 0.0
	for _, s := range answerable {
		below, _ := slices.BinarySearch(low, s)
		// The next float up: what stands before it is lower or equal.
		upto, _ := slices.BinarySearch(low, math.Nextafter(s, math.Inf(1)))
		sum += float64(below) + float64(upto-below)/2
	}
	return ratio(sum, float64(len(answerable))*float64(len(unanswerable)))
}

// calibrationError is the mean distance between what was foretold and what was
// so, in ten bins of equal width.
func calibrationError(answerable, unanswerable []float64) float64 {
	var foretold, hits [10]float64
	for _, p := range answerable {
		foretold[bin(p)] += p
		hits[bin(p)]++
	}
	for _, p := range unanswerable {
		foretold[bin(p)] += p
	}
	sum := 0.0
	for i := range foretold {
		sum += math.Abs(foretold[i] - hits[i])
	}
	return ratio(sum, float64(len(answerable)+len(unanswerable)))
}

// bin returns the bin of a probability. 1 belongs to the last.
func bin(p float64) int { return min(9, int(10*p)) }

// percentile returns the value that the share p of the values do not exceed.
func percentile(values []float64, p float64) float64 {
	if len(values) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(values))
	return sorted[max(0, int(math.Ceil(p*float64(len(sorted))))-1)]
}

// above is the share of values of at least the threshold.
func above(values []float64, threshold float64) float64 {
	n := 0
	for _, v := range values {
		if v >= threshold {
			n++
		}
	}
	return ratio(float64(n), float64(len(values)))
}

// mean returns zero for no values.
func mean(values []float64) float64 {
	sum := 0.0
	for _, v := range values {
		sum += v
	}
	return ratio(sum, float64(len(values)))
}

// ratio returns a/b, and zero for zero of zero: a set without questions of a
// kind has a row of zeros, not of NaN, which JSON cannot hold.
func ratio(a, b float64) float64 {
	if b == 0 {
		return 0
	}
	return a / b
}
