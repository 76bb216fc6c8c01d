// Package catalogue knows what AWS publishes about itself: the actions,
// resource types and condition keys of all its services, and the managed
// policies that AWS owns, with all their versions.
//
// The one idea: the data is two zip archives inside the binary, and nothing of
// them is unpacked before somebody asks. One service is one file of its archive;
// managed policies lie in blocks of neighbours behind a small index. What has
// been opened of the services stays open; of the policies only the index and the
// last block stay.
//
// Everything returned is shared and must not be modified. All functions may be
// called from several goroutines. data/README.md says where the data comes from.
package catalogue

//go:generate go run ../internal/gen/catalogue -npm $NPM -out data
