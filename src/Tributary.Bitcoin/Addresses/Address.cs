using System.Diagnostics.CodeAnalysis;
using Tributary.Bitcoin.Encodings;
using Tributary.Bitcoin.Networks;
using Tributary.Bitcoin.Scripts;
using Tributary.Primitives.Results;

namespace Tributary.Bitcoin.Addresses;

/// <summary>
/// An address on one network: base58check (P2PKH, P2SH), bech32 (segwit version 0) or bech32m (segwit 1 … 16, BIP 350).
/// Equal when network and script are.
/// </summary>
public sealed class Address : IEquatable<Address>
{
    private const int HashLength = 20;

    private Address(BitcoinNetwork network, AddressKind kind, Script script, string text)
    {
        Network = network;
        Kind = kind;
        ScriptPubKey = script;
        Text = text;
    }

    public BitcoinNetwork Network { get; }

    public AddressKind Kind { get; }

    /// <summary>The script an output paying this address carries.</summary>
    public Script ScriptPubKey { get; }

    private string Text { get; }

    /// <summary>Reads an address of a network; an address of another network is refused as such.</summary>
    public static Result<Address, Refusal> Parse(string text, BitcoinNetwork network)
    {
        if (!TryReadPayload(text, out var payload, out var refusal))
            return refusal;
        return payload.BelongsTo(network)
            ? payload.ToAddress(network)
            : new Refusal("address", $"is a {payload.NetworkName} address; {network} is expected");
    }

    /// <summary>Reads an address of any network. Test networks share prefixes, so that there may be more than one answer.</summary>
    public static Result<IReadOnlyList<Address>, Refusal> ParseAny(string text)
    {
        if (!TryReadPayload(text, out var payload, out var refusal))
            return refusal;
        return BitcoinNetwork.All.Where(payload.BelongsTo).Select(payload.ToAddress).ToArray();
    }

    /// <summary>The address of an output script; false for a script that has none (bare keys, multisig, data).</summary>
    public static bool TryFromScript(Script script, BitcoinNetwork network, [NotNullWhen(true)] out Address? address)
    {
        var payload = Payload.Of(script);
        address = payload?.ToAddress(network);
        return address is not null;
    }

    public bool Equals(Address? other) => other is not null && Network == other.Network && ScriptPubKey == other.ScriptPubKey;

    public override bool Equals(object? obj) => Equals(obj as Address);

    public override int GetHashCode() => ScriptPubKey.GetHashCode();

    /// <summary>The address as it is written; bech32 in lower case.</summary>
    public override string ToString() => Text;

    private static bool TryReadPayload(string text, [NotNullWhen(true)] out Payload? payload, [NotNullWhen(false)] out Refusal? refusal)
    {
        payload = null;
        if (text.Length == 0)
        {
            refusal = new Refusal("address", "is empty");
            return false;
        }

        return LooksLikeSegwit(text) ? TryReadSegwit(text, out payload, out refusal) : TryReadBase58(text, out payload, out refusal);
    }

    private static bool LooksLikeSegwit(string text)
    {
        var separator = text.LastIndexOf('1');
        return separator > 0 && BitcoinNetwork.All.Any(network => text.AsSpan(0, separator).Equals(network.Bech32Prefix, StringComparison.OrdinalIgnoreCase));
    }

    private static bool TryReadBase58(string text, [NotNullWhen(true)] out Payload? payload, [NotNullWhen(false)] out Refusal? refusal)
    {
        payload = null;
        if (!Base58Check.Decode(text, maxPayloadBytes: 34).TryGet(out var bytes, out refusal))
        {
            // Text with a separator and no base58 meaning is most likely another chain's bech32.
            if (Bech32.Decode(text).TryGet(out var other))
                refusal = new Refusal("address.prefix", $"'{other.Prefix}' belongs to no Bitcoin network");
            else
                refusal = refusal with { Field = $"address.{refusal.Field}" };
            return false;
        }

        if (BitcoinNetwork.All.Any(network => bytes.Length > 0 && bytes[0] == network.SecretKeyPrefix) && bytes.Length is 33 or 34)
            refusal = new Refusal("address", "is a secret key, not an address; keep it to yourself");
        else if (!BitcoinNetwork.All.Any(network => bytes.Length > 0 && (bytes[0] == network.PubKeyHashPrefix || bytes[0] == network.ScriptHashPrefix)))
            refusal = new Refusal("address.version", "belongs to no Bitcoin network");
        else if (bytes.Length != HashLength + 1)
            refusal = new Refusal("address.hash", $"takes {HashLength} bytes and has {bytes.Length - 1}");
        else
            payload = new Payload(Prefix: null, Version: bytes[0], Program: bytes.AsSpan(1).ToArray());
        return payload is not null;
    }

    private static bool TryReadSegwit(string text, [NotNullWhen(true)] out Payload? payload, [NotNullWhen(false)] out Refusal? refusal)
    {
        payload = null;
        if (!Bech32.Decode(text).TryGet(out var decoded, out refusal))
        {
            refusal = refusal with { Field = $"address.{refusal.Field}" };
            return false;
        }

        var values = decoded.Data.Span;
        if (values.IsEmpty)
        {
            refusal = new Refusal("address.version", "is missing");
            return false;
        }

        var version = values[0];
        var expected = version == 0 ? Bech32Variant.Bech32 : Bech32Variant.Bech32m;
        if (version > 16)
            refusal = new Refusal("address.version", $"{version} is no segwit version (0 to 16)");
        else if (decoded.Variant != expected)
            refusal = new Refusal("address.checksum", version == 0 ? "is bech32m; version 0 takes bech32 (BIP 350)" : $"is bech32; version {version} takes bech32m (BIP 350)");
        else if (!Bech32.ToBytes(values[1..]).TryGet(out var program, out var padding))
            refusal = padding with { Field = $"address.{padding.Field}" };
        else if (program.Length is < 2 or > 40)
            refusal = new Refusal("address.program", $"takes 2 to 40 bytes and has {program.Length}");
        else if (version == 0 && program.Length is not (20 or 32))
            refusal = new Refusal("address.program", $"of version 0 takes 20 or 32 bytes and has {program.Length}");
        else
            payload = new Payload(decoded.Prefix, version, program);
        return payload is not null;
    }

    /// <summary>What an address carries: a base58 version and hash, or (with a prefix) a witness version and program.</summary>
    private sealed record Payload(string? Prefix, byte Version, byte[] Program)
    {
        private enum Form
        {
            KeyHash,
            ScriptHash,
            Witness,
        }

        internal string NetworkName => BelongsTo(BitcoinNetwork.Mainnet) ? "mainnet" : BelongsTo(BitcoinNetwork.Testnet3) ? "testnet" : "regtest";

        internal static Payload? Of(Script script)
        {
            // A base58 version is a network's; mainnet's stands in until the network is known.
            var solution = StandardScripts.Classify(script);
            return solution.Type switch
            {
                ScriptType.PubKeyHash => new Payload(null, BitcoinNetwork.Mainnet.PubKeyHashPrefix, solution.First.ToArray()),
                ScriptType.ScriptHash => new Payload(null, BitcoinNetwork.Mainnet.ScriptHashPrefix, solution.First.ToArray()),
                ScriptType.WitnessV0KeyHash or ScriptType.WitnessV0ScriptHash or ScriptType.WitnessV1Taproot or ScriptType.Anchor or ScriptType.WitnessUnknown
                    when ScriptPatterns.IsWitnessProgram(script.Span, out var version) => new Payload("", (byte)version, script.Span[2..].ToArray()),
                _ => null,
            };
        }

        internal bool BelongsTo(BitcoinNetwork network) =>
            Prefix is null ? Version == network.PubKeyHashPrefix || Version == network.ScriptHashPrefix : string.Equals(Prefix, network.Bech32Prefix, StringComparison.Ordinal);

        internal Address ToAddress(BitcoinNetwork network)
        {
            var form = Prefix is not null
                ? Form.Witness
                : BitcoinNetwork.All.Any(known => known.PubKeyHashPrefix == Version) ? Form.KeyHash : Form.ScriptHash;
            return form switch
            {
                Form.KeyHash => new Address(network, AddressKind.P2pkh, StandardScripts.P2pkh(Program), Base58Check.Encode([network.PubKeyHashPrefix, .. Program])),
                Form.ScriptHash => new Address(network, AddressKind.P2sh, StandardScripts.P2sh(Program), Base58Check.Encode([network.ScriptHashPrefix, .. Program])),
                _ => new Address(network, WitnessKind(), StandardScripts.WitnessProgram(Version, Program), FormatSegwit(network)),
            };
        }

        private AddressKind WitnessKind() => (Version, Program.Length) switch
        {
            (0, 20) => AddressKind.P2wpkh,
            (0, _) => AddressKind.P2wsh,
            (1, 32) => AddressKind.P2tr,
            (1, 2) when Program is [0x4e, 0x73] => AddressKind.PayToAnchor,
            _ => AddressKind.FutureWitness,
        };

        private string FormatSegwit(BitcoinNetwork network) =>
            Bech32.Encode(network.Bech32Prefix, [Version, .. Bech32.ToFiveBits(Program)], Version == 0 ? Bech32Variant.Bech32 : Bech32Variant.Bech32m);
    }
}
