using Tributary.Bitcoin.Blocks;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;

namespace Tributary.Bitcoin.Chain.Embedded;

/// <summary>Consensus as Bitcoin Core's regtest has it.</summary>
internal static class RegtestRules
{
    /// <summary>Half of all hashes meet it. It never changes.</summary>
    internal const uint Bits = 0x207f_ffff;

    /// <summary>The genesis block, as Bitcoin Core builds it for regtest.</summary>
    internal static Block Genesis { get; } = ParseGenesis();

    internal static Target Limit { get; } = Target.TryFromCompact(Bits, out var limit) ? limit : throw new InvalidOperationException("The target is a constant.");

    internal static Satoshis SubsidyAt(int height) => BlockSubsidy.At(height, BlockSubsidy.RegtestHalvingInterval);

    private static Block ParseGenesis()
    {
        // Satoshi's coinbase under the header of regtest: time 1296688602, nonce 2.
        const string hex =
            "0100000000000000000000000000000000000000000000000000000000000000000000003ba3edfd7a7b12b27ac72c3e67768f617fc81bc3888a51323a9fb8aa"
            + "4b1e5e4adae5494dffff7f20020000000101000000010000000000000000000000000000000000000000000000000000000000000000ffffffff4d04ffff001d"
            + "0104455468652054696d65732030332f4a616e2f32303039204368616e63656c6c6f72206f6e206272696e6b206f66207365636f6e64206261696c6f757420666f"
            + "722062616e6b73ffffffff0100f2052a01000000434104678afdb0fe5548271967f1a67130b7105cd6a828e03909a67962e0ea1f61deb649f6bc3f4cef38c4f3"
            + "5504e51ec112de5c384df7ba0b8d578a4c702b6bf11d5fac00000000";
        return Hex.TryDecode(hex, out byte[]? bytes) ? Block.Parse(bytes).Value : throw new InvalidOperationException("The genesis block is a constant.");
    }
}
