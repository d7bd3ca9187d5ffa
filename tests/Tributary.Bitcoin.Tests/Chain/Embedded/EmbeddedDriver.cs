using Tributary.Bitcoin.Blocks;
using Tributary.Bitcoin.Chain;
using Tributary.Bitcoin.Chain.Embedded;
using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Tests.Chain.Contract;

namespace Tributary.Bitcoin.Tests.Chain.Embedded;

/// <summary>Moves an embedded chain by its own methods.</summary>
public sealed class EmbeddedDriver : ChainDriver
{
    private readonly string? _path;
    private EmbeddedChain _chain;

    /// <param name="path">The chain's file; null for memory, which does not come back when it goes away.</param>
    public EmbeddedDriver(string? path)
        : base(new CoinStore())
    {
        _path = path;
        _chain = Open();
    }

    public EmbeddedChain Chain => _chain;

    public override IChainSource Source => _chain;

    public override async Task<ChainTip> ReorganiseAsync(int depth, CancellationToken cancellationToken)
    {
        var hashes = (await _chain.ReorganiseAsync(depth, Other, cancellationToken)).Value;
        Assert.Equal(depth + 1, hashes.Length);
        return await TipAsync(cancellationToken);
    }

    public override async Task InvalidateAsync(BlockHash hash, CancellationToken cancellationToken) =>
        Assert.True((await _chain.InvalidateAsync(hash, cancellationToken)).IsOk);

    public override async Task ReconsiderAsync(BlockHash hash, CancellationToken cancellationToken) =>
        Assert.True((await _chain.ReconsiderAsync(hash, cancellationToken)).IsOk);

    public override async Task GoAwayAsync(CancellationToken cancellationToken) => await _chain.DisposeAsync();

    public override Task ComeBackAsync(CancellationToken cancellationToken)
    {
        _chain = Open();
        return Task.CompletedTask;
    }

    public override async ValueTask DisposeAsync()
    {
        await _chain.DisposeAsync();
        if (_path is not null)
            Directory.Delete(_path, recursive: true);
    }

    protected override async Task<IReadOnlyList<Block>> MineBlocksAsync(int count, CancellationToken cancellationToken)
    {
        var blocks = new List<Block>();
        foreach (var hash in (await _chain.MineAsync(count, Spendable.Script, cancellationToken)).Value)
            blocks.Add((await _chain.GetBlockAsync(hash, cancellationToken)).Value);
        return blocks;
    }

    private static Script Other => StandardScripts.P2wshOf(new ScriptBuilder().PushNumber(2).Build());

    private EmbeddedChain Open() => EmbeddedChain.Open(new EmbeddedChainOptions { Path = _path }, TimeProvider.System).Value;
}
