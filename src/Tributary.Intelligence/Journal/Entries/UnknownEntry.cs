using System.Collections.Immutable;
using Tributary.Primitives.Bytes;

namespace Tributary.Intelligence.Journal.Entries;

/// <summary>A sound record of a kind or a version that this program does not know: a newer one wrote it. It is kept and passed over.</summary>
/// <param name="KindNumber">The kind.</param>
/// <param name="BodyVersion">The version.</param>
/// <param name="Body">The bytes.</param>
public sealed record UnknownEntry(byte KindNumber, byte BodyVersion, ImmutableArray<byte> Body) : JournalEntry
{
    /// <inheritdoc/>
    public override EntryKind Kind => (EntryKind)KindNumber;

    internal override byte Version => BodyVersion;

    internal override void WriteBody(ByteWriter writer) => writer.WriteBytes(Body.AsSpan());
}
