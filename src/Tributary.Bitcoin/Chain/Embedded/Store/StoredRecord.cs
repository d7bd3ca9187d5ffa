using Tributary.Storage.Logs;

namespace Tributary.Bitcoin.Chain.Embedded.Store;

/// <summary>Where a record of the chain's log can be read again: among those that wait for the commit, or on disk.</summary>
internal sealed class StoredRecord
{
    /// <summary>The payload's place; null until the record is durable.</summary>
    internal RecordLocation? Location { get; set; }

    /// <summary>Its number among the records that wait.</summary>
    internal int Pending { get; init; }
}
