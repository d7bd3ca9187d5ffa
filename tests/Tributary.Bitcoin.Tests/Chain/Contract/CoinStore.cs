namespace Tributary.Bitcoin.Tests.Chain.Contract;

/// <summary>Coinbase outputs that tests mined and have not spent yet: shared by all tests on one chain, whose subsidy halves every 150 blocks.</summary>
public sealed class CoinStore
{
    /// <summary>The oldest first.</summary>
    public Queue<(int Height, Spendable Coin)> Coinbases { get; } = new();
}
