namespace Tributary.Bitcoin.Transactions;

/// <summary>
/// The bytes that one transaction, or all transactions of a block, are views on, and where in them the inputs, outputs and witnesses
/// begin. Written once, while parsing.
/// </summary>
internal sealed class TransactionBuffer(byte[] bytes)
{
    internal byte[] Bytes { get; } = bytes;

    internal int[] Offsets { get; set; } = [];
}
