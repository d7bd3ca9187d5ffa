using Tributary.Bitcoin.Networks;
using Tributary.Bitcoin.Scripts;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Payments;

/// <summary>What an invoice is to say.</summary>
public sealed record InvoiceOrder
{
    public required BitcoinNetwork Network { get; init; }

    /// <summary>Null leaves it to the payer.</summary>
    public MilliSatoshis? Amount { get; init; }

    /// <summary>What it is for.</summary>
    public string Description { get; init; } = "";

    /// <summary>In place of the description: its SHA-256.</summary>
    public Bytes32? DescriptionHash { get; init; }

    public long ExpirySeconds { get; init; } = 3600;

    /// <summary>Blocks of the last HTLC; null for what the node asks for.</summary>
    public uint? MinFinalCltvDelta { get; init; }

    /// <summary>The payment is held until it is settled or cancelled by command.</summary>
    public bool IsHold { get; init; }

    /// <summary>For a hold invoice whose preimage somebody else knows; otherwise hash and preimage are made here.</summary>
    public Bytes32? PaymentHash { get; init; }

    /// <summary>Addresses to pay on chain instead.</summary>
    public IReadOnlyList<Script> Fallbacks { get; init; } = [];
}
