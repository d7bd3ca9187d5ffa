using System.Collections.Immutable;
using Tributary.Bitcoin.Addresses;
using Tributary.Bitcoin.Networks;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Results;

namespace Tributary.Bitcoin.Uris;

/// <summary>
/// A <c>bitcoin:</c> payment URI (BIP 321, which replaces BIP 21): an address, other payment instructions, and what to tell the payer.
/// Invoices, offers and silent payment addresses are carried as text: their own readers judge them.
/// </summary>
public sealed record BitcoinUri
{
    /// <summary>The longest URI that is read, in characters: more than any QR code holds.</summary>
    public const int LengthMax = 16_384;

    /// <summary>The address in the body; null for a URI without fallback on chain.</summary>
    public Address? Address { get; init; }

    /// <summary>Further segwit addresses, from parameters named after the network's prefix ("bc", "tb", "bcrt").</summary>
    public ImmutableArray<Address> Addresses { get; init; } = [];

    /// <summary>How much is asked for; null leaves it to the payer.</summary>
    public Satoshis? Amount { get; init; }

    /// <summary>The recipient's name.</summary>
    public string? Label { get; init; }

    /// <summary>What the payment is for.</summary>
    public string? Message { get; init; }

    /// <summary>BOLT 11 invoices.</summary>
    public ImmutableArray<string> Lightning { get; init; } = [];

    /// <summary>BOLT 12 offers.</summary>
    public ImmutableArray<string> Offers { get; init; } = [];

    /// <summary>BIP 352 silent payment addresses.</summary>
    public ImmutableArray<string> SilentPayments { get; init; } = [];

    /// <summary>BIP 351 private payment addresses.</summary>
    public ImmutableArray<string> PrivatePayments { get; init; } = [];

    /// <summary>Where to show proof of payment; null when nobody asks.</summary>
    public ProofOfPayment? ProofOfPayment { get; init; }

    /// <summary>Optional parameters that are not understood, in their order.</summary>
    public ImmutableArray<UriParameter> Unknown { get; init; } = [];

    /// <summary>True when there is at least one way to pay.</summary>
    public bool HasPaymentInstruction =>
        Address is not null || !Addresses.IsEmpty || !Lightning.IsEmpty || !Offers.IsEmpty || !SilentPayments.IsEmpty || !PrivatePayments.IsEmpty;

    /// <summary>Reads a URI for a network; an address of another network is refused.</summary>
    public static Result<BitcoinUri, Refusal> Parse(string text, BitcoinNetwork network) => BitcoinUriReader.Read(text, network);

    /// <summary>The URI as text. Needs a payment instruction.</summary>
    public override string ToString() => BitcoinUriWriter.Write(this, upperCase: false);

    /// <summary>
    /// The URI for a QR code: whatever may be upper case is, which a QR code stores in 5.5 bits a character instead of 8. Labels,
    /// messages and base58 addresses keep their case.
    /// </summary>
    public string ToQrString() => BitcoinUriWriter.Write(this, upperCase: true);
}
