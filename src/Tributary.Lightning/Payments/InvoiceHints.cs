using Tributary.Lightning.Invoices;
using Tributary.Primitives.Amounts;

namespace Tributary.Lightning.Payments;

/// <summary>Chooses the hints of our own invoices (BOLT 11, field <c>r</c>).</summary>
public static class InvoiceHints
{
    private const int HintsMax = 3;

    /// <summary>
    /// None when the world knows a way to us that carries the amount. Otherwise our private channels, one for each peer, with those first that
    /// carry the amount alone (among them the one with the least to spare), then the largest, for parts.
    /// </summary>
    public static IReadOnlyList<IReadOnlyList<RouteHintHop>> Choose(IEnumerable<HintChannel> channels, MilliSatoshis? amount)
    {
        var wanted = amount ?? MilliSatoshis.Zero;
        var all = channels.ToArray();
        if (all.Any(channel => channel.IsPublic && channel.Receivable >= wanted))
            return [];
        return
        [
            .. all.Where(static channel => !channel.IsPublic && channel.Policy is { IsDisabled: false } && channel.Receivable > MilliSatoshis.Zero)
                .OrderBy(channel => channel.Receivable >= wanted ? 0 : 1)
                .ThenBy(channel => channel.Receivable >= wanted && amount is not null ? channel.Receivable.Value : -channel.Receivable.Value)
                .ThenBy(static channel => channel.ShortChannelId)
                .DistinctBy(static channel => channel.Peer)
                .Take(HintsMax)
                .Select(static channel => (IReadOnlyList<RouteHintHop>)[Hop(channel)]),
        ];
    }

    private static RouteHintHop Hop(HintChannel channel) => new(
        channel.Peer,
        channel.ShortChannelId,
        channel.Policy!.Value.FeeBaseMilliSatoshis,
        channel.Policy.Value.FeeProportionalMillionths,
        channel.Policy.Value.CltvExpiryDelta);
}
