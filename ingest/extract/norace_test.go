//go:build !race

package extract

// memoryFactor is how much more memory a program takes with the race detector.
const memoryFactor = 1
