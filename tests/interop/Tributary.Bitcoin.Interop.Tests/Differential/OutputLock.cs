using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Transactions;
using Tributary.Crypto;
using Tributary.Primitives.Bytes;

namespace Tributary.Bitcoin.Interop.Tests.Differential;

/// <summary>An output script and a way to spend it, which may be meant to fail.</summary>
/// <param name="Name">What it is, for failures.</param>
/// <param name="Output">The output script.</param>
/// <param name="Unlock">Fills in scriptSig and witness.</param>
internal sealed record OutputLock(string Name, Script Output, Action<UnlockContext> Unlock)
{
    public uint Sequence { get; init; } = 0xffff_fffd;

    public uint LockTime { get; init; }

    /// <summary>Spent by the second input of a transaction with one output.</summary>
    public bool IsBeyondOutputs { get; init; }

    /// <summary>Made to meet one rule, and so more than one input only blurs it.</summary>
    public bool IsAlone { get; init; }
}

/// <summary>The input that is being unlocked, in a transaction of which all but scripts and witnesses is fixed.</summary>
internal sealed class UnlockContext(Transaction transaction, int inputIndex, TxOut[] spent, DraftInput input, Chance chance)
{
    public Chance Chance { get; } = chance;

    public DraftInput Input { get; } = input;

    public Script Output => spent[inputIndex].ScriptPubKey;

    public int RandomHashType() => Chance.OneIn(3) ? Chance.Pick([1, 2, 3, 0x81, 0x82, 0x83]) : 1;

    public byte[] SignLegacy(TestKey key, Script scriptCode, int? hashType = null, bool highS = false)
    {
        var type = hashType ?? RandomHashType();
        return key.SignEcdsa(SignatureHash.Legacy(transaction, inputIndex, scriptCode.Span, type), type, highS);
    }

    public byte[] SignV0(TestKey key, Script scriptCode, int? hashType = null, bool highS = false)
    {
        var type = hashType ?? RandomHashType();
        return key.SignEcdsa(SignatureHash.SegwitV0(transaction, inputIndex, scriptCode.Span, spent[inputIndex].Value, type), type, highS);
    }

    public byte[] Sign(bool isWitness, TestKey key, Script scriptCode, int? hashType = null, bool highS = false) =>
        isWitness ? SignV0(key, scriptCode, hashType, highS) : SignLegacy(key, scriptCode, hashType, highS);

    /// <summary>64 bytes, or 65 with a hash type that is not the default; SINGLE falls back where there is no such output.</summary>
    public byte[] SignTaproot(TestKey key, byte[]? annex = null, Bytes32? leaf = null, uint codeSeparator = uint.MaxValue)
    {
        var type = (byte)(Chance.OneIn(2) ? 0 : Chance.Pick([1, 2, 3, 0x81, 0x82, 0x83]));
        if ((type & 3) == 3 && inputIndex >= transaction.OutputCount)
            type = 0;
        var signature = key.SignSchnorr(SignatureHash.Taproot(transaction, inputIndex, spent, type, annex, leaf, codeSeparator));
        return type == 0 ? signature : [.. signature, type];
    }
}

/// <summary>A taproot output with one known leaf; the rest of the tree is a path of random hashes.</summary>
internal sealed class TapLeaf
{
    public TapLeaf(TestKey internalKey, Script script, Chance chance, byte leafVersion = 0xc0, int depth = 0)
    {
        Script = script;
        var path = chance.Bytes(32 * depth);
        var length = script.Length switch
        {
            < 0xfd => new[] { (byte)script.Length },
            _ => [0xfd, (byte)script.Length, (byte)(script.Length >> 8)],
        };
        Hash = TaggedHashes.TapLeaf.Hash([leafVersion, .. length, .. script.Span]);
        var node = Hash;
        foreach (var sibling in path.Chunk(32))
            node = node.Span.SequenceCompareTo(sibling) < 0 ? TaggedHashes.TapBranch.HashPair(node.Span, sibling) : TaggedHashes.TapBranch.HashPair(sibling, node.Span);

        var tweaked = internalKey.TweakedBy(TaggedHashes.TapTweak.HashPair(internalKey.XOnly, node.Span));
        OutputKey = tweaked;
        Output = StandardScripts.P2tr(tweaked.XOnly);
        var isOdd = (tweaked.Compressed[0] & 1) != 0;
        ControlBlock = [(byte)(leafVersion | (isOdd ? 1 : 0)), .. internalKey.XOnly, .. path];
    }

    public Script Script { get; }

    public Script Output { get; }

    public Bytes32 Hash { get; }

    public TestKey OutputKey { get; }

    public byte[] ControlBlock { get; }
}
