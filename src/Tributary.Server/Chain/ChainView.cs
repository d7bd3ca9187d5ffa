using System.Collections.Immutable;
using Tributary.Bitcoin.Chain;

namespace Tributary.Server.Chain;

/// <summary>What the pages show of the chain at one moment.</summary>
/// <param name="Status">Of the source: synced or why not.</param>
/// <param name="Blocks">The newest blocks, newest first.</param>
/// <param name="Version">Counts up with every change.</param>
public sealed record ChainView(ChainStatus Status, ImmutableList<BlockLine> Blocks, long Version);
