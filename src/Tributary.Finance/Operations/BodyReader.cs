using Tributary.Primitives.Bytes;

namespace Tributary.Finance.Operations;

/// <summary>Reads the fields of an operation; null where they are cut short or not in their one form.</summary>
internal delegate Operation? BodyReader(ref SpanReader reader);
