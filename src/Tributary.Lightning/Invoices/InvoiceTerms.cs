using Tributary.Bitcoin.Networks;
using Tributary.Bitcoin.Scripts;
using Tributary.Lightning.Features;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Invoices;

/// <summary>What an invoice says, before it is signed and after it is read (BOLT 11).</summary>
public sealed record InvoiceTerms
{
    /// <summary>Seconds that an invoice is good for when it does not say.</summary>
    public const long DefaultExpirySeconds = 3600;

    /// <summary>Blocks of the last HTLC when the invoice does not say.</summary>
    public const uint DefaultMinFinalCltvExpiryDelta = 18;

    /// <summary>The chain; test networks 3 and 4 are written alike.</summary>
    public required BitcoinNetwork Network { get; init; }

    /// <summary>What is asked for, more than zero; null leaves it to the payer.</summary>
    public MilliSatoshis? Amount { get; init; }

    /// <summary>When it was made: seconds since 1970, 35 bits.</summary>
    public required long Timestamp { get; init; }

    public required Bytes32 PaymentHash { get; init; }

    /// <summary>Goes into the onion, so that only who has the invoice can pay it.</summary>
    public required Bytes32 PaymentSecret { get; init; }

    /// <summary>What it is for: a stranger's text, to be escaped. Either this or <see cref="DescriptionHash"/>.</summary>
    public string? Description { get; init; }

    /// <summary>SHA-256 of what it is for, told elsewhere.</summary>
    public Bytes32? DescriptionHash { get; init; }

    /// <summary>Seconds from <see cref="Timestamp"/>; null for the default.</summary>
    public long? ExpirySeconds { get; init; }

    /// <summary>Blocks of the last HTLC; null for the default.</summary>
    public uint? MinFinalCltvExpiryDelta { get; init; }

    /// <summary>Output scripts to pay on chain instead, best first.</summary>
    public IReadOnlyList<Script> Fallbacks { get; init; } = [];

    /// <summary>Ways to the payee over private channels, best first.</summary>
    public IReadOnlyList<IReadOnlyList<RouteHintHop>> RouteHints { get; init; } = [];

    public FeatureVector Features { get; init; } = FeatureVector.Empty;

    /// <summary>To be sent along in the onion.</summary>
    public ReadOnlyMemory<byte>? Metadata { get; init; }

    /// <summary>The moment from which nobody should pay it any more, in seconds since 1970.</summary>
    public long ExpiresAt => Timestamp + Math.Min(ExpirySeconds ?? DefaultExpirySeconds, long.MaxValue - Timestamp);

    /// <summary>Blocks of the last HTLC.</summary>
    public uint EffectiveMinFinalCltvExpiryDelta => MinFinalCltvExpiryDelta ?? DefaultMinFinalCltvExpiryDelta;
}
