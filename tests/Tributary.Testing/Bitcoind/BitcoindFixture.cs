using Xunit;

namespace Tributary.Testing.Bitcoind;

/// <summary>
/// Real bitcoind processes on regtest for tests: as an assembly fixture (<c>[assembly: AssemblyFixture(typeof(BitcoindFixture))]</c>) one
/// shared process per test assembly, started when the first test asks, and more where a test wants one of its own. All are stopped at
/// the end. Where no bitcoind can be had the asking test is skipped with the reason.
/// </summary>
public sealed class BitcoindFixture : IAsyncDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly List<BitcoindNode> _nodes = [];
    private BitcoindNode? _shared;

    /// <summary>The process that the tests of the assembly share. Its chain has grown by what others did: count from its tip.</summary>
    public async Task<BitcoindNode> GetSharedAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            return _shared ??= await StartLockedAsync([], cancellationToken);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>A fresh process with an empty chain; the test may dispose of it early.</summary>
    /// <param name="arguments">Further flags (<c>-blockfilterindex=1</c>). A flag given here wins over the usual one.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<BitcoindNode> StartAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            return await StartLockedAsync(arguments, cancellationToken);
        }
        finally
        {
            _gate.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
            await node.DisposeAsync();
        _gate.Dispose();
    }

    private async Task<BitcoindNode> StartLockedAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var program = await BitcoindProgram.GetAsync();
        if (program.Path is null)
            Assert.Skip(program.Reason);
        var node = await BitcoindNode.StartAsync(program.Path!, arguments, cancellationToken);
        _nodes.Add(node);
        return node;
    }
}
