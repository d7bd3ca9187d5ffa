namespace Tributary.Bitcoin.Transactions;

/// <summary>An output with what the rules on spending it ask: the block it is in and whether it is a miner's reward.</summary>
/// <param name="Output">Amount and script.</param>
/// <param name="Height">The height of its block; one above the tip for an output in the mempool.</param>
/// <param name="IsCoinbase">It belongs to a coinbase.</param>
/// <param name="MedianTimePast">For relative locks by time: the median time of the block before its own (BIP 68), seconds since 1970.</param>
public readonly record struct SpentOutput(TxOut Output, int Height, bool IsCoinbase, uint MedianTimePast = 0)
{
    /// <summary>Blocks on top, its own counted, before a coinbase output can be spent.</summary>
    public const int CoinbaseMaturity = 100;
}
