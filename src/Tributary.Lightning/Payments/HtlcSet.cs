using Tributary.Lightning.Onions;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Payments;

/// <summary>The parts of one payment that are here (BOLT 4, "Basic Multi-Part Payments"). Memory only: after a restart the channels tell of them again.</summary>
internal sealed class HtlcSet(MilliSatoshis total, long firstAt)
{
    private readonly List<(ReceivedHtlc Htlc, Bytes32 SharedSecret)> _parts = [];

    /// <summary>What all parts say they carry together.</summary>
    internal MilliSatoshis Total { get; } = total;

    /// <summary>When the first part came: milliseconds since 1970.</summary>
    internal long FirstAt { get; } = firstAt;

    internal MilliSatoshis Sum { get; private set; }

    internal bool IsComplete => Sum >= Total;

    internal int Count => _parts.Count;

    internal uint EarliestExpiry => _parts.Min(static part => part.Htlc.CltvExpiry);

    internal IReadOnlyList<HtlcKey> Keys => [.. _parts.Select(static part => part.Htlc.Key)];

    internal bool Contains(HtlcKey key) => _parts.Exists(part => part.Htlc.Key == key);

    internal void Add(ReceivedHtlc htlc, Bytes32 sharedSecret)
    {
        _parts.Add((htlc, sharedSecret));
        Sum += htlc.Amount;
    }

    internal void Remove(HtlcKey key)
    {
        var at = _parts.FindIndex(part => part.Htlc.Key == key);
        Sum -= _parts[at].Htlc.Amount;
        _parts.RemoveAt(at);
    }

    /// <summary>Gives all parts back.</summary>
    /// <param name="step">Takes the effects.</param>
    /// <param name="failure">What each is told, by its amount.</param>
    internal void Fail(InvoiceStep step, Func<MilliSatoshis, FailureMessage> failure)
    {
        foreach (var (htlc, secret) in _parts)
            step.Add(new InvoiceEffect.FailHtlc(htlc.Key, ErrorOnion.Create(secret, failure(htlc.Amount))));
    }
}
