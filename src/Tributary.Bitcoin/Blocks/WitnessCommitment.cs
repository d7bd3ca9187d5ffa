using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Transactions;
using Tributary.Crypto;
using Tributary.Primitives.Bytes;

namespace Tributary.Bitcoin.Blocks;

/// <summary>How a block commits to its witnesses (BIP 141): an output of the coinbase, and a reserved value in the coinbase's witness.</summary>
public static class WitnessCommitment
{
    /// <summary>Bytes of the reserved value.</summary>
    public const int ReservedValueLength = 32;

    private const int ScriptLengthMin = 38;

    private static ReadOnlySpan<byte> Header => [(byte)Opcode.Return, 0x24, 0xaa, 0x21, 0xa9, 0xed];

    /// <summary>The output of a coinbase that commits: the last one of the form; −1 for none.</summary>
    public static int FindOutput(Transaction coinbase)
    {
        for (var i = coinbase.OutputCount - 1; i >= 0; i--)
        {
            var script = coinbase.Output(i).ScriptPubKey;
            if (script.Length >= ScriptLengthMin && script.Span.StartsWith(Header))
                return i;
        }

        return -1;
    }

    /// <summary>The commitment for a root over witness ids and a reserved value.</summary>
    public static Bytes32 Compute(Bytes32 witnessRoot, ReadOnlySpan<byte> reservedValue32)
    {
        Span<byte> both = stackalloc byte[2 * Bytes32.Length];
        witnessRoot.Span.CopyTo(both);
        reservedValue32[..ReservedValueLength].CopyTo(both[Bytes32.Length..]);
        return Hashes.Sha256d(both);
    }

    /// <summary>The output script for a miner's coinbase.</summary>
    public static Script BuildScript(Bytes32 commitment) => new ScriptBuilder().AddRaw(Header).AddRaw(commitment.Span).Build();

    /// <summary>Null when the commitment holds, or none is there and none is needed; else Bitcoin Core's reject reason.</summary>
    public static string? Check(Block block)
    {
        var coinbase = block.Transactions[0];
        var output = FindOutput(coinbase);
        if (output < 0)
            return block.Transactions.Any(static transaction => transaction.HasWitness) ? "unexpected-witness" : null;

        var witness = coinbase.Witness(0);
        if (witness.Count != 1 || witness[0].Length != ReservedValueLength)
            return "bad-witness-nonce-size";
        var commitment = Compute(MerkleTree.WitnessRoot(block), witness[0].Span);
        return coinbase.Output(output).ScriptPubKey.Span.Slice(Header.Length, Bytes32.Length).SequenceEqual(commitment.Span)
            ? null
            : "bad-witness-merkle-match";
    }
}
