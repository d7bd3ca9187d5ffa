using System.Diagnostics.CodeAnalysis;
using Tributary.Bitcoin.Blocks;

namespace Tributary.Bitcoin.Networks;

/// <summary>What differs between Bitcoin's networks: prefixes of addresses and keys, the genesis block, BIP 44's coin type.</summary>
public sealed record BitcoinNetwork
{
    private BitcoinNetwork(string name, string bech32, byte pubKeyHash, byte scriptHash, byte secretKey, uint extendedPublic, uint extendedSecret, uint coinType, string genesis)
    {
        Name = name;
        Bech32Prefix = bech32;
        PubKeyHashPrefix = pubKeyHash;
        ScriptHashPrefix = scriptHash;
        SecretKeyPrefix = secretKey;
        ExtendedPublicKeyPrefix = extendedPublic;
        ExtendedSecretKeyPrefix = extendedSecret;
        CoinType = coinType;
        GenesisHash = BlockHash.TryParse(genesis, out var hash) ? hash : throw new ArgumentException("The genesis hash takes 64 hex digits.", nameof(genesis));
    }

    public static BitcoinNetwork Mainnet { get; } = new("mainnet", "bc", 0, 5, 128, 0x0488b21e, 0x0488ade4, 0, "000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f");

    public static BitcoinNetwork Testnet3 { get; } = new("testnet3", "tb", 111, 196, 239, 0x043587cf, 0x04358394, 1, "000000000933ea01ad0ee984209779baaec3ced90fa3f408719526f8d77f4943");

    public static BitcoinNetwork Testnet4 { get; } = new("testnet4", "tb", 111, 196, 239, 0x043587cf, 0x04358394, 1, "00000000da84f2bafbbc53dee25a72ae507ff4914b867c565be350b0da8bf043");

    public static BitcoinNetwork Signet { get; } = new("signet", "tb", 111, 196, 239, 0x043587cf, 0x04358394, 1, "00000008819873e925422c1ff0f99f7cc9bbb232af63a077a480a3633bee1ef6");

    public static BitcoinNetwork Regtest { get; } = new("regtest", "bcrt", 111, 196, 239, 0x043587cf, 0x04358394, 1, "0f9188f13cb7b2c71f2a335e3a4fc328bf5beb436012afca590b1a11466e2206");

    /// <summary>All networks.</summary>
    public static IReadOnlyList<BitcoinNetwork> All { get; } = [Mainnet, Testnet3, Testnet4, Signet, Regtest];

    /// <summary>"mainnet", "testnet3", "testnet4", "signet" or "regtest".</summary>
    public string Name { get; }

    /// <summary>The human-readable part of segwit addresses (BIP 173).</summary>
    public string Bech32Prefix { get; }

    /// <summary>Base58check version of P2PKH addresses.</summary>
    public byte PubKeyHashPrefix { get; }

    /// <summary>Base58check version of P2SH addresses.</summary>
    public byte ScriptHashPrefix { get; }

    /// <summary>Base58check version of secret keys in wallet import format.</summary>
    public byte SecretKeyPrefix { get; }

    /// <summary>Version bytes of extended public keys (BIP 32).</summary>
    public uint ExtendedPublicKeyPrefix { get; }

    /// <summary>Version bytes of extended secret keys (BIP 32).</summary>
    public uint ExtendedSecretKeyPrefix { get; }

    /// <summary>BIP 44's coin type: 0 for real money, 1 for any test network.</summary>
    public uint CoinType { get; }

    public BlockHash GenesisHash { get; }

    /// <summary>The network of a name; "main", "test" and "bitcoin" as Bitcoin Core and BOLT 11 tools write them are understood.</summary>
    public static bool TryParse(string name, [NotNullWhen(true)] out BitcoinNetwork? network)
    {
        var plain = name.ToLowerInvariant() switch
        {
            "main" or "bitcoin" => "mainnet",
            "test" or "testnet" => "testnet3",
            var other => other,
        };
        network = All.FirstOrDefault(candidate => string.Equals(candidate.Name, plain, StringComparison.Ordinal));
        return network is not null;
    }

    public override string ToString() => Name;
}
