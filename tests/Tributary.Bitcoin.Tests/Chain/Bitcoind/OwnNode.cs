using Tributary.Bitcoin.Tests.Chain.Contract;
using Tributary.Testing.Bitcoind;

namespace Tributary.Bitcoin.Tests.Chain.Bitcoind;

/// <summary>A node for one test class, which moves its chain about and kills it.</summary>
public sealed class OwnNode(BitcoindFixture fixture)
{
    private BitcoindNode? _node;

    /// <summary>Coins of the node's chain that no test has spent.</summary>
    public CoinStore Coins { get; } = new();

    /// <summary>The node, running; started with the arguments when it is asked for first.</summary>
    public async Task<BitcoindNode> GetAsync(CancellationToken cancellationToken, params string[] arguments)
    {
        _node ??= await fixture.StartAsync(arguments, cancellationToken);
        if (!_node.IsRunning)
            await _node.StartAsync(cancellationToken);
        return _node;
    }
}
