using Tributary.Storage.Relational;

namespace Tributary.Payments.Storage;

/// <summary>
/// A page of a table's ids, the newest first, by cursors. The table has <c>id, store_id, is_live, created_us</c> and an index in that order.
/// </summary>
/// <param name="table">The table's name, which the program itself wrote.</param>
/// <param name="storeId">The store.</param>
/// <param name="isLive">Its real or its test objects.</param>
/// <param name="limit">At most so many.</param>
internal sealed class ObjectList(string table, string storeId, bool isLive, int limit)
{
    private readonly List<(string Column, string Value)> _filters = [];

    /// <summary>When they were made.</summary>
    public CreatedSpan Created { get; init; }

    /// <summary>Those that come after this one in the list.</summary>
    public string? After { get; init; }

    /// <summary>Those that come before this one, nearest to it.</summary>
    public string? Before { get; init; }

    /// <summary>A condition that takes no value.</summary>
    public string? Condition { get; init; }

    /// <summary>Only those with this value in a column, whose name the program itself wrote.</summary>
    public void Where(string column, string value) => _filters.Add((column, value));

    public async ValueTask<List<string>> ReadIdsAsync(ISqlTransaction transaction, CancellationToken cancellationToken)
    {
        var isBackwards = Before is not null;
        var cursor = After ?? Before;
        var arguments = new SqlArguments { { "store", storeId }, { "live", isLive }, { "limit", limit } };
        if (cursor is not null)
            arguments.Add("cursor", cursor);
        Created.AddTo(arguments);
        for (var i = 0; i < _filters.Count; i++)
            arguments.Add($"f{i}", _filters[i].Value);
        var order = isBackwards ? "ASC" : "DESC";
        var ids = await transaction.QueryAsync(
            $"""
            SELECT id FROM {table} WHERE store_id = @store AND is_live = @live
            {string.Concat(_filters.Select(static (filter, i) => $" AND {filter.Column} = @f{i}"))}
            {Created.Condition("created_us")}
            {(Condition is null ? "" : $" AND {Condition}")}
            {(cursor is null ? "" : $" AND (created_us, id) {(isBackwards ? ">" : "<")} (SELECT created_us, id FROM {table} WHERE id = @cursor AND store_id = @store AND is_live = @live)")}
            ORDER BY created_us {order}, id {order} LIMIT @limit
            """,
            arguments,
            static row => row.Text(0),
            cancellationToken);
        if (isBackwards)
            ids.Reverse();
        return ids;
    }
}
