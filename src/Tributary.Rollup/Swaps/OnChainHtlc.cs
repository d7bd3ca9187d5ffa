using System.Security.Cryptography;
using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Taproot;
using Tributary.Bitcoin.Transactions;
using Tributary.Crypto;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Contracts;
using Tributary.Primitives.Results;

namespace Tributary.Rollup.Swaps;

/// <summary>
/// The contract on Bitcoin: a taproot output (BIP 341) with two scripts and a key that nobody has. One script pays the claim key for 32 bytes whose SHA-256 is
/// the hash; their number is checked, since the rollup's contract takes 32 bytes and no others. The other pays the refund key from a height on (BIP 65).
/// </summary>
public sealed class OnChainHtlc
{
    // H of BIP 341: the x coordinate of a point that was hashed to, of which nobody knows the logarithm.
    private static readonly Bytes32 s_nobody = new(Convert.FromHexString("50929b74c1a04954b78b4b6035e97a5e078a5a0f28ec96d547bfee9ace803ac0"));

    // Below it nodes do not relay an output (Bitcoin Core's dust limit at 3 sat/vB, for the dearest kind of script).
    private static readonly Satoshis s_dust = new(546);

    private const int ClaimLeaf = 0;
    private const int RefundLeaf = 1;
    private const int PreimageItem = 1;

    private readonly TaprootOutput _output;
    private readonly uint _timeout;

    private OnChainHtlc(TaprootOutput output, Bytes32 hash, uint timeout) => (_output, Hash, _timeout) = (output, hash, timeout);

    /// <summary>SHA-256 of the preimage.</summary>
    public Bytes32 Hash { get; }

    /// <summary>What pays the contract.</summary>
    public Script ScriptPubKey => _output.ScriptPubKey;

    /// <summary>The contract of these terms.</summary>
    public static Result<OnChainHtlc, Refusal> Create(Bytes32 hash, Bytes32 claimKey, Bytes32 refundKey, uint timeout)
    {
        var claim = new ScriptBuilder()
            .Add(Opcode.Size).PushNumber(Bytes32.Length).Add(Opcode.EqualVerify)
            .Add(Opcode.Sha256).Push(hash.Span).Add(Opcode.EqualVerify)
            .Push(claimKey.Span).Add(Opcode.CheckSig).Build();
        var refund = new ScriptBuilder().PushNumber(timeout).Add(Opcode.CheckLockTimeVerify).Add(Opcode.Drop).Push(refundKey.Span).Add(Opcode.CheckSig).Build();
        var tree = TaprootTree.Create(new TaprootLeafScript(1, claim), new TaprootLeafScript(1, refund));
        return TaprootOutput.Create(s_nobody, tree).TryGet(out var output, out var refusal) ? new OnChainHtlc(output, hash, timeout) : refusal;
    }

    /// <summary>Takes the contract with the preimage.</summary>
    public Result<Transaction, Refusal> Claim(OutPoint contract, Satoshis value, Bytes32 preimage, Script destination, FeeratePerKvB feerate, SecretKey key, IEntropy entropy) =>
        SHA256.HashData(preimage.Span).AsSpan().SequenceEqual(Hash.Span)
            ? Spend(ClaimLeaf, contract, value, preimage.Span.ToArray(), destination, feerate, key, entropy)
            : new Refusal("preimage", "does not hash to the hash of the contract");

    /// <summary>Takes the contract back; blocks above its timeout take the transaction.</summary>
    public Result<Transaction, Refusal> Refund(OutPoint contract, Satoshis value, Script destination, FeeratePerKvB feerate, SecretKey key, IEntropy entropy) =>
        Spend(RefundLeaf, contract, value, null, destination, feerate, key, entropy);

    /// <summary>The preimage that an input which spends the contract shows; null where it was taken back.</summary>
    public Bytes32? ReadPreimage(Witness witness) =>
        witness.Count == 4 && witness[PreimageItem].Length == Bytes32.Length && SHA256.HashData(witness[PreimageItem].Span).AsSpan().SequenceEqual(Hash.Span)
            ? new Bytes32(witness[PreimageItem].Span)
            : null;

    private Result<Transaction, Refusal> Spend(
        int leaf, OutPoint contract, Satoshis value, byte[]? preimage, Script destination, FeeratePerKvB feerate, SecretKey key, IEntropy entropy)
    {
        var lockTime = leaf == RefundLeaf ? _timeout : 0;
        var fee = feerate.FeeFor(Draft(contract, lockTime, Show(leaf, new byte[64], preimage), value, destination).VirtualSize);
        if (value - fee < s_dust)
            return new Refusal("feerate", $"{feerate} costs {fee}, more than a contract of {value} can pay");
        var draft = Draft(contract, lockTime, Witness.Empty, value - fee, destination);
        var hash = SignatureHash.Taproot(draft, 0, [new TxOut(value, ScriptPubKey)], SighashType.Default, leafHash: _output.Tree!.Leaves[leaf].Hash);
        var signature = new byte[64];
        Schnorr.Sign(key, hash.Span, entropy, signature);
        return draft.WithInputs([draft.Input(0) with { Witness = Show(leaf, signature, preimage) }]);
    }

    private Witness Show(int leaf, byte[] signature, byte[]? preimage)
    {
        var (script, control) = (_output.Tree!.Leaves[leaf].Script.ToArray(), _output.ControlBlock(leaf));
        return preimage is null ? Witness.Of(signature, script, control) : Witness.Of(signature, preimage, script, control);
    }

    private static Transaction Draft(OutPoint contract, uint lockTime, Witness witness, Satoshis left, Script destination) =>
        Transaction.Create(2, [new TxIn(contract) with { Witness = witness }], [new TxOut(left, destination)], lockTime);
}
