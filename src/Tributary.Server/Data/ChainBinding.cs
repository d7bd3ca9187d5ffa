using Tributary.Bitcoin.Chain.Bitcoind;
using Tributary.Primitives.Results;
using Tributary.Storage.Relational;

namespace Tributary.Server.Data;

/// <summary>
/// A folder belongs to one chain: its addresses, coins and channels mean nothing on another, and a node that follows another chain takes what it does
/// not find there for lost. The folder notes its chain, and is opened on no other.
/// </summary>
internal static class ChainBinding
{
    /// <summary>Why the folder is not opened on this chain; null where nothing is against it.</summary>
    /// <param name="options">The half's folder and network.</param>
    /// <param name="seen">What its bitcoind follows; null with the embedded chain, and for a bitcoind that did not answer.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="DatabaseLostException">The folder's note is damaged.</exception>
    public static async Task<Refusal?> CheckAsync(ServerOptions options, BitcoindIdentity? seen, CancellationToken cancellationToken)
    {
        var folder = options.DataFolder;
        var noted = await FolderBinding.ReadAsync(folder, cancellationToken);
        if (noted?.Network is { } network && !string.Equals(network, options.Network.Name, StringComparison.Ordinal))
        {
            return new Refusal(
                "--network",
                $"is {options.Network}, and '{folder}' was begun on {network}: its addresses and channels are of that network. Say --network {network} and name a bitcoind of it, or name another folder with --data");
        }

        if (seen is null)
            return null;
        if (seen.Genesis != options.Network.GenesisHash)
        {
            return new Refusal("--bitcoind", seen.Network is { } followed
                ? $"at {options.BitcoindUrl} follows {followed}, and --network says {options.Network}: say --network {followed}, or name a bitcoind of {options.Network}"
                : $"at {options.BitcoindUrl} follows a chain that this program does not know (its block 0 is {seen.Genesis}): name a bitcoind of {options.Network}");
        }

        return noted?.FirstBlock is { } first && seen.First is { } now && !string.Equals(first, now.ToString(), StringComparison.Ordinal)
            ? new Refusal(
                "--bitcoind",
                $"at {options.BitcoindUrl} follows another {options.Network} than '{folder}' was used with (its block 1 is {now}, and was {first}): name the bitcoind of that chain, or begin another folder with --data")
            : null;
    }

    /// <summary>Notes the chain of a folder that is bound to its database.</summary>
    /// <param name="options">The half's folder and network.</param>
    /// <param name="seen">As for <see cref="CheckAsync"/>, which has found nothing against it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task NoteAsync(ServerOptions options, BitcoindIdentity? seen, CancellationToken cancellationToken)
    {
        if (await FolderBinding.ReadAsync(options.DataFolder, cancellationToken) is not { } noted)
            return;
        var known = noted with { Network = options.Network.Name, FirstBlock = noted.FirstBlock ?? seen?.First?.ToString() };
        if (known != noted)
            await FolderBinding.WriteAsync(options.DataFolder, known, cancellationToken);
    }
}
