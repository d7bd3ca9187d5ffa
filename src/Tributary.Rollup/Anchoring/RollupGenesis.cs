using Tributary.Bitcoin.Transactions;
using Tributary.Crypto;
using Tributary.Finance.Accounts;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;

namespace Tributary.Rollup.Anchoring;

/// <summary>
/// How a rollup begins. It is posted in an envelope; the rollup's id is a hash of it and of the coin that its transaction spends, so no two
/// have the same.
/// </summary>
/// <param name="VerificationKey">The hash of what proofs of its batches are checked with.</param>
/// <param name="Operator">The x coordinate of the key that spends anchors.</param>
/// <param name="Vault">The x coordinate of the taproot output key that deposits pay.</param>
/// <param name="KeyRoot">The root of the key of the operator's account, the first of the rollup.</param>
/// <param name="Key">What a verifier needs to know of that key besides.</param>
public sealed record RollupGenesis(Bytes32 VerificationKey, Bytes32 Operator, Bytes32 Vault, Bytes32 KeyRoot, KeyParameters Key)
{
    /// <summary>Bytes of the payload.</summary>
    public const int Length = (4 * Bytes32.Length) + KeyParameters.Length;

    private static readonly TaggedHasher s_id = new("Tributary/RollupId"u8);

    /// <summary>The rollup's id.</summary>
    /// <param name="spent">The first coin that the genesis transaction spends.</param>
    public Bytes32 IdOf(OutPoint spent)
    {
        var writer = new ByteWriter(Length + 36);
        writer.WriteBytes(ToBytes());
        writer.WriteBytes32(spent.TxId.Value);
        writer.WriteUInt32LittleEndian(spent.Index);
        return s_id.Hash(writer.WrittenSpan);
    }

    /// <summary>The payload.</summary>
    public byte[] ToBytes() => [.. VerificationKey.Span, .. Operator.Span, .. Vault.Span, .. KeyRoot.Span, Key.Scheme, Key.LogLifetime];

    /// <summary>Reads a payload.</summary>
    public static Result<RollupGenesis, Refusal> Read(ReadOnlySpan<byte> payload)
    {
        if (payload.Length != Length)
            return new Refusal("genesis", $"has {payload.Length} bytes, not {Length}");
        var genesis = new RollupGenesis(
            new(payload[..32]), new(payload[32..64]), new(payload[64..96]), new(payload[96..128]), new KeyParameters(payload[128], payload[129]));
        if (genesis.KeyRoot.IsZero || !genesis.Key.IsValid)
            return new Refusal("genesis", "names no key that an account may have");
        return XOnlyPublicKey.TryParse(genesis.Operator.Span, out _) && XOnlyPublicKey.TryParse(genesis.Vault.Span, out _)
            ? genesis
            : new Refusal("genesis", "names a key that is no point of the curve");
    }
}
