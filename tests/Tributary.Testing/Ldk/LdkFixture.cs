using System.Text.Json.Nodes;
using Tributary.Testing.Bitcoind;
using Xunit;

namespace Tributary.Testing.Ldk;

/// <summary>
/// Starts LDK nodes for tests: a Lightning peer that this project did not write. Where node.js or the package can't be had the asking test is
/// skipped with the reason. As an assembly fixture it ends all of them at the end.
/// </summary>
public sealed class LdkFixture : IAsyncDisposable
{
    private static readonly Lazy<Task<(string? Program, string Reason)>> s_found = new(FindAsync);

    private readonly Lock _sync = new();
    private readonly List<LdkPeer> _peers = [];

    /// <summary>A fresh node on a bitcoind's chain; the test may dispose of it early.</summary>
    /// <param name="bitcoind">Whose wallet pays for it: see <see cref="LdkPeer.WalletName"/>.</param>
    /// <param name="seed">1 … 255: its key.</param>
    /// <param name="settings">What else stands in the program's configuration, or null.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<LdkPeer> StartAsync(BitcoindNode bitcoind, byte seed, JsonObject? settings, CancellationToken cancellationToken)
    {
        var (program, reason) = await s_found.Value;
        if (program is null)
            Assert.Skip(reason);
        var peer = await LdkPeer.StartAsync(program!, bitcoind, seed, settings, cancellationToken);
        lock (_sync)
            _peers.Add(peer);
        return peer;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var peer in _peers)
            await peer.DisposeAsync();
    }

    private static async Task<(string? Program, string Reason)> FindAsync()
    {
        if (Tooling.Repository() is not { } root)
            return (null, "The LDK peer is installed inside of the repository, and the test runs outside.");
        var home = Tooling.Home(root, "ldk");
        var problem = await Tooling.FetchAsync(Path.Combine(root, "tests", "interop", "get-ldk.sh"), home);
        return problem is null ? (Path.Combine(home, "peer.mjs"), "") : (null, $"There is no LDK peer to test against: {problem}");
    }
}
