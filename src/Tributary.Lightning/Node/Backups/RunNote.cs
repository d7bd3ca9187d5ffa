using Tributary.Storage.Logs;

namespace Tributary.Lightning.Node.Backups;

/// <summary>What a machine remembers of a log, from its first run since the machine started on.</summary>
/// <param name="Through">The last durable batch.</param>
/// <param name="Mark">
/// Drawn by the first of these runs and kept by the others. A log that holds it as <see cref="Journal.NodeRecord.Vouched"/> has been the latest since
/// then, by the word of its peers; one that does not may be a snapshot that was put back before the first of these runs.
/// </param>
public readonly record struct RunNote(LogSequence Through, ulong Mark);
