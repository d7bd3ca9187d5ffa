namespace Tributary.Lightning.Gossip;

/// <summary>Bounds and habits of the intake of gossip. Times are in seconds.</summary>
/// <param name="StaleAfter">A channel whose older update is older than this goes (BOLT 7, "Pruning the Network View": two weeks).</param>
/// <param name="FutureMax">An update from further ahead than this is ignored.</param>
/// <param name="ClosedBlocks">A channel whose funding is spent is forgotten this many blocks later.</param>
/// <param name="PendingChannelsMax">Announcements whose signatures or funding are being checked; further ones are dropped.</param>
/// <param name="PendingPerPeerMax">The same, of one peer.</param>
/// <param name="OrphanUpdatesMax">Updates that wait for their channel's announcement; the oldest go.</param>
/// <param name="OrphansPerPeerMax">The same, of one peer.</param>
/// <param name="UpdatesPerDay">Updates of one direction of a channel that are taken in a day.</param>
/// <param name="NodeUpdatesPerDay">Announcements of one node that are taken in a day.</param>
/// <param name="KeepsMessages">Signed messages are kept (430 bytes a channel, 140 an update), so that others can be answered.</param>
/// <param name="SyncPeersMax">Peers that send us gossip as it comes; the others are asked to be silent.</param>
/// <param name="SyncEvery">How often a peer is asked for all of its channels.</param>
/// <param name="QueryTimeout">How long a peer may take for an answer before another one is asked.</param>
/// <param name="QueriesPerMinute">Queries of one peer that are answered in a minute.</param>
public sealed record GossipOptions(
    uint StaleAfter = 1_209_600,
    uint FutureMax = 86_400,
    uint ClosedBlocks = 72,
    int PendingChannelsMax = 20_000,
    int PendingPerPeerMax = 10_000,
    int OrphanUpdatesMax = 2_000,
    int OrphansPerPeerMax = 200,
    int UpdatesPerDay = 24,
    int NodeUpdatesPerDay = 8,
    bool KeepsMessages = true,
    int SyncPeersMax = 3,
    uint SyncEvery = 3_600,
    uint QueryTimeout = 120,
    int QueriesPerMinute = 20);
