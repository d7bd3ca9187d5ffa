using Tributary.Bitcoin.Blocks;

namespace Tributary.Server.Chain;

/// <summary>A block as a list shows it.</summary>
/// <param name="Height">Genesis has 0.</param>
/// <param name="Hash">Its id.</param>
/// <param name="Time">As its miner says.</param>
/// <param name="Transactions">How many, the coinbase included.</param>
/// <param name="SizeBytes">Serialized, with witnesses.</param>
public sealed record BlockLine(int Height, BlockHash Hash, DateTimeOffset Time, int Transactions, int SizeBytes);
