package s3

import (
	"strconv"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/s3"
)

// GetObjectAttributes tells of an object what the request names.
func (s *Service) GetObjectAttributes(c *writ.Call, in *api.GetObjectAttributesInput) (*api.GetObjectAttributesOutput, error) {
	t, err := decided(c)
	if err != nil {
		return nil, err
	}
	if in.SSECustomerAlgorithm != nil || in.SSECustomerKey != nil || in.SSECustomerKeyMD5 != nil {
		return nil, writ.Errorf(400, "InvalidRequest", "The encryption parameters are not applicable to this object.")
	}
	o := t.object
	out := &api.GetObjectAttributesOutput{LastModified: &o.Modified, VersionId: t.bucket.told(o)}
	for _, name := range in.ObjectAttributes {
		switch name {
		case "ETag":
			out.ETag = &o.ETag
		case "Checksum":
			out.Checksum = &api.Checksum{ChecksumType: &o.SumType}
			tellSums(out.Checksum, o.Sums)
		case "ObjectParts":
			if out.ObjectParts, err = o.attributesOfParts(in.MaxParts, in.PartNumberMarker); err != nil {
				return nil, err
			}
		case "StorageClass":
			out.StorageClass = new(storageClass)
		case "ObjectSize":
			out.ObjectSize = &o.Size
		default:
			return nil, invalidArgument("x-amz-object-attributes", name, "Invalid attribute name specified.")
		}
	}
	return out, nil
}

// attributesOfParts tells of the parts of an object that was uploaded in parts;
// nil for others. One by one they are told where they have checksums that the
// client has chosen.
func (o *object) attributesOfParts(limit, marker *int) (*api.GetObjectAttributesParts, error) {
	if o.Upload == "" {
		return nil, nil
	}
	all := &api.GetObjectAttributesParts{TotalPartsCount: new(len(o.Parts)), PartNumberMarker: new(value(marker)), IsTruncated: new(false)}
	n, err := limitOf("max-parts", limit)
	if err != nil || value(marker) < 0 {
		return nil, invalidArgument("part-number-marker", strconv.Itoa(value(marker)), "Argument partNumberMarker must be an integer between 0 and 2147483647.")
	}
	all.MaxParts = &n
	if o.SumType != composite {
		return all, nil
	}
	from := min(value(marker), len(o.Parts))
	to := min(from+n, len(o.Parts))
	for i := from; i < to; i++ {
		shape := api.ObjectPart{PartNumber: new(i + 1), Size: &o.Parts[i].Size}
		tellSums(&shape, o.Parts[i].Sums)
		all.Parts = append(all.Parts, shape)
	}
	all.IsTruncated, all.NextPartNumberMarker = new(to < len(o.Parts)), &to
	return all, nil
}
