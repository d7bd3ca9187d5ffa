using Tributary.Primitives.Amounts;

namespace Tributary.Lightning.Channels;

/// <summary>An update on its way through the commitments: an HTLC added or removed, by its id, or a feerate.</summary>
internal readonly record struct PendingUpdate(UpdateKind Kind, ulong Id, FeeratePerKw Feerate)
{
    internal static PendingUpdate Add(ulong id) => new(UpdateKind.Add, id, default);

    internal static PendingUpdate Remove(ulong id) => new(UpdateKind.Remove, id, default);

    internal static PendingUpdate Fee(FeeratePerKw feerate) => new(UpdateKind.Fee, 0, feerate);
}
