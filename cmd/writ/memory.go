package main

import "runtime/debug"

// heapFloor is counted by the garbage collector but never touched, and so takes
// up no memory. The server's own heap is a few megabytes; without a floor it
// would be collected hundreds of times a second under load. With one it may
// grow by about as much before that, however much it holds itself.
const heapFloor = 16 << 20

// returnMemory gives back what starting has used: hashing root's password alone
// takes 19 MiB, which would stay with an idle process for minutes.
func returnMemory() { debug.FreeOSMemory() }
