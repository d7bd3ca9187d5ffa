using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Unicode;
using Tributary.Bitcoin.Addresses;
using Tributary.Bitcoin.Networks;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Results;

namespace Tributary.Bitcoin.Uris;

/// <summary>Reads BIP 321: parameter by parameter, each refusal naming the key.</summary>
internal sealed class BitcoinUriReader
{
    private const string Scheme = "bitcoin:";
    private const string RequiredPrefix = "req-";

    private readonly BitcoinNetwork _network;
    private readonly ImmutableArray<Address>.Builder _addresses = ImmutableArray.CreateBuilder<Address>();
    private readonly ImmutableArray<string>.Builder _lightning = ImmutableArray.CreateBuilder<string>();
    private readonly ImmutableArray<string>.Builder _offers = ImmutableArray.CreateBuilder<string>();
    private readonly ImmutableArray<string>.Builder _silent = ImmutableArray.CreateBuilder<string>();
    private readonly ImmutableArray<string>.Builder _private = ImmutableArray.CreateBuilder<string>();
    private readonly ImmutableArray<UriParameter>.Builder _unknown = ImmutableArray.CreateBuilder<UriParameter>();
    private BitcoinUri _uri = new();

    private BitcoinUriReader(BitcoinNetwork network) => _network = network;

    internal static Result<BitcoinUri, Refusal> Read(string text, BitcoinNetwork network)
    {
        if (text.Length > BitcoinUri.LengthMax)
            return new Refusal("uri", $"is longer than {BitcoinUri.LengthMax} characters");
        if (!text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return new Refusal("uri.scheme", "is not bitcoin:");

        var rest = text[Scheme.Length..];
        var question = rest.IndexOf('?', StringComparison.Ordinal);
        var body = question < 0 ? rest : rest[..question];
        var reader = new BitcoinUriReader(network);
        if (body.Length > 0)
        {
            if (!Address.Parse(body, network).TryGet(out var address, out var refusal))
                return refusal;
            reader._uri = reader._uri with { Address = address };
        }

        if (question >= 0)
        {
            foreach (var parameter in rest[(question + 1)..].Split('&'))
            {
                if (!reader.TryRead(parameter, out var refusal))
                    return refusal;
            }
        }

        var uri = reader.Finish();
        return uri.HasPaymentInstruction ? uri : new Refusal("uri", "has no address and no other way to pay that is understood");
    }

    private BitcoinUri Finish() => _uri with
    {
        Addresses = _addresses.ToImmutable(),
        Lightning = _lightning.ToImmutable(),
        Offers = _offers.ToImmutable(),
        SilentPayments = _silent.ToImmutable(),
        PrivatePayments = _private.ToImmutable(),
        Unknown = _unknown.ToImmutable(),
    };

    private bool TryRead(string parameter, [NotNullWhen(false)] out Refusal? refusal)
    {
        refusal = null;
        if (parameter.Length == 0)
            return true;

        var equals = parameter.IndexOf('=', StringComparison.Ordinal);
        var rawKey = equals < 0 ? parameter : parameter[..equals];
        if (!TryDecode(rawKey, out var key) || key.Length == 0)
        {
            refusal = new Refusal("uri.query", "has a parameter without a readable name");
            return false;
        }

        key = key.ToLowerInvariant();
        string? value = null;
        if (equals >= 0 && !TryDecode(parameter[(equals + 1)..], out value))
        {
            refusal = new Refusal($"uri.{key}", "is not valid percent-encoded UTF-8");
            return false;
        }

        return TryTake(key, value, out refusal);
    }

    private bool TryTake(string key, string? value, [NotNullWhen(false)] out Refusal? refusal)
    {
        refusal = null;
        switch (key)
        {
            case "amount" or RequiredPrefix + "amount":
                return TryTakeAmount(value, out refusal);
            case "label" or RequiredPrefix + "label":
                if (_uri.Label is not null)
                    return Twice("label", out refusal);
                _uri = _uri with { Label = value ?? "" };
                return true;
            case "message" or RequiredPrefix + "message":
                if (_uri.Message is not null)
                    return Twice("message", out refusal);
                _uri = _uri with { Message = value ?? "" };
                return true;
            case "pop" or RequiredPrefix + "pop":
                return TryTakeProof(value, isRequired: key.StartsWith(RequiredPrefix, StringComparison.Ordinal), out refusal);
            case "lightning" or RequiredPrefix + "lightning":
                return TryTakeText(key, value, _lightning, out refusal);
            case "lno" or RequiredPrefix + "lno":
                return TryTakeText(key, value, _offers, out refusal);
            case "sp" or RequiredPrefix + "sp":
                return TryTakeText(key, value, _silent, out refusal);
            case "pay" or RequiredPrefix + "pay":
                return TryTakeText(key, value, _private, out refusal);
        }

        var plain = key.StartsWith(RequiredPrefix, StringComparison.Ordinal) ? key[RequiredPrefix.Length..] : key;
        if (BitcoinNetwork.All.Any(network => string.Equals(network.Bech32Prefix, plain, StringComparison.Ordinal)))
            return TryTakeAddress(plain, value, out refusal);
        if (plain.Length < key.Length)
        {
            refusal = new Refusal($"uri.{key}", "is required and not understood; the URI must not be paid");
            return false;
        }

        _unknown.Add(new UriParameter(key, value));
        return true;
    }

    private bool TryTakeAmount(string? value, [NotNullWhen(false)] out Refusal? refusal)
    {
        refusal = null;
        if (_uri.Amount is not null)
            return Twice("amount", out refusal);
        if (!TryParseAmount(value, out var amount))
            refusal = new Refusal("uri.amount", "is no decimal number of bitcoin with at most eight decimals, like 0.00012");
        else if (!amount.IsInMoneyRange)
            refusal = new Refusal("uri.amount", "is more than 21 million bitcoin");
        else
            _uri = _uri with { Amount = amount };
        return refusal is null;
    }

    // The grammar allows "5." and ".5", and more than eight decimals where the rest are zeros loses nothing.
    private static bool TryParseAmount(string? value, out Satoshis amount)
    {
        amount = default;
        if (value is null)
            return false;

        var point = value.IndexOf('.', StringComparison.Ordinal);
        var whole = point < 0 ? value : value[..point];
        var fraction = point < 0 ? "" : value[(point + 1)..];
        if (whole.Length + fraction.Length == 0 || fraction.Contains('.', StringComparison.Ordinal))
            return false;

        whole = whole.TrimStart('0');
        fraction = fraction.TrimEnd('0');
        return Satoshis.TryParseBitcoin($"{(whole.Length == 0 ? "0" : whole)}.{(fraction.Length == 0 ? "0" : fraction)}", out amount);
    }

    private bool TryTakeProof(string? value, bool isRequired, [NotNullWhen(false)] out Refusal? refusal)
    {
        refusal = null;
        if (_uri.ProofOfPayment is not null)
            return Twice("pop", out refusal);

        var proof = new ProofOfPayment(value ?? "", isRequired);
        if (isRequired && !proof.MayBeOpened)
            refusal = new Refusal("uri.req-pop", "asks for proof of payment at a URI that must not be opened; the URI must not be paid");
        else
            _uri = _uri with { ProofOfPayment = proof };
        return refusal is null;
    }

    private static bool TryTakeText(string key, string? value, ImmutableArray<string>.Builder list, [NotNullWhen(false)] out Refusal? refusal)
    {
        refusal = string.IsNullOrEmpty(value) ? new Refusal($"uri.{key}", "is empty") : null;
        if (refusal is null)
            list.Add(value!);
        return refusal is null;
    }

    private bool TryTakeAddress(string prefix, string? value, [NotNullWhen(false)] out Refusal? refusal)
    {
        refusal = null;
        if (!string.Equals(prefix, _network.Bech32Prefix, StringComparison.Ordinal))
        {
            // A wallet of one network has no use for another's address, and a payer may offer several.
            _unknown.Add(new UriParameter(prefix, value));
            if (value is null || !value.StartsWith(prefix + "1", StringComparison.OrdinalIgnoreCase))
                refusal = new Refusal($"uri.{prefix}", $"is no address that begins with {prefix}1");
            return refusal is null;
        }

        if (!Address.Parse(value ?? "", _network).TryGet(out var address, out refusal))
            refusal = refusal with { Field = $"uri.{prefix}" };
        else if (address.Kind is AddressKind.P2pkh or AddressKind.P2sh)
            refusal = new Refusal($"uri.{prefix}", $"is no address that begins with {prefix}1");
        else
            _addresses.Add(address);
        return refusal is null;
    }

    private static bool Twice(string key, [NotNullWhen(false)] out Refusal? refusal)
    {
        refusal = new Refusal($"uri.{key}", "is given twice");
        return false;
    }

    /// <summary>Percent-decodes; a '+' stands for itself (RFC 3986, not an HTML form).</summary>
    private static bool TryDecode(string text, [NotNullWhen(true)] out string? decoded)
    {
        decoded = null;
        var bytes = new byte[text.Length * 3];
        var length = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '%')
            {
                if (i + 2 >= text.Length || !char.IsAsciiHexDigit(text[i + 1]) || !char.IsAsciiHexDigit(text[i + 2]))
                    return false;
                bytes[length++] = Convert.FromHexString(text.AsSpan(i + 1, 2))[0];
                i += 2;
            }
            else if (char.IsSurrogate(text[i]))
            {
                if (i + 1 >= text.Length || !char.IsSurrogatePair(text[i], text[i + 1]))
                    return false;
                length += Encoding.UTF8.GetBytes(text.AsSpan(i, 2), bytes.AsSpan(length));
                i++;
            }
            else if (!char.IsControl(text[i]))
            {
                length += Encoding.UTF8.GetBytes(text.AsSpan(i, 1), bytes.AsSpan(length));
            }
            else
            {
                return false;
            }
        }

        if (!Utf8.IsValid(bytes.AsSpan(0, length)))
            return false;
        decoded = Encoding.UTF8.GetString(bytes.AsSpan(0, length));
        return true;
    }
}
