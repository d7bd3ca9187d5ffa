using System.Text;
using System.Text.Json;
using Tributary.Payments.Access;
using Tributary.Payments.Search;
using Tributary.Storage.Relational;

namespace Tributary.Server.Stripe;

/// <summary>The search routes: a query, and pages by a token that names where the last one ended.</summary>
internal static class StripeSearch
{
    private const int PageDefault = 10;
    private const int PageMax = 100;

    public static async Task<StripeAnswer> RunAsync<T>(
        StripeCall call,
        SearchTable table,
        string url,
        IDatabase database,
        Func<ISqlTransaction, string, ApiKey, CancellationToken, ValueTask<T>> find,
        Action<Utf8JsonWriter, T> write,
        CancellationToken cancellationToken)
    {
        var parameters = call.Parameters;
        var text = parameters.Text("query", 5000);
        parameters.Require("query", text is not null);
        var limit = parameters.Integer("limit") ?? PageDefault;
        if (limit is < 1 or > PageMax)
            parameters.Refuse("parameter_invalid_integer", "limit", $"Invalid integer: limit must be from 1 to {PageMax}.");
        string? after = null;
        if (parameters.Text("page", 200) is { } page && (after = ReadPage(page)) is null)
            parameters.Refuse("parameter_invalid", "page", "This is no page: take next_page of the last answer.");
        if (parameters.Finish() is { } error)
            return StripeErrors.Of(error);
        if (!SearchQuery.Parse(text!, table).TryGet(out var query, out var wrong))
            return StripeErrors.Of(wrong);

        var key = call.Request.Key;
        var (ids, items) = await database.ReadAsync(
            async (transaction, token) =>
            {
                var found = await SearchStore.FindAsync(transaction, table, query, key.StoreId, key.IsLive, after, (int)limit + 1, token);
                var read = new List<T>();
                foreach (var id in found.Take((int)limit))
                    read.Add(await find(transaction, id, key, token));
                return (found, read);
            },
            cancellationToken);
        var hasMore = ids.Count > limit;
        return StripeAnswer.Of(StatusCodes.Status200OK, writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("object", "search_result");
            writer.WriteStartArray("data");
            foreach (var item in items)
                write(writer, item);
            writer.WriteEndArray();
            writer.WriteBoolean("has_more", hasMore);
            writer.Text("next_page", hasMore ? WritePage(ids[(int)limit - 1]) : null);
            writer.WriteString("url", url);
            writer.WriteEndObject();
        });
    }

    private static string WritePage(string id) => Convert.ToBase64String(Encoding.UTF8.GetBytes(id));

    private static string? ReadPage(string page)
    {
        var bytes = new byte[page.Length];
        return Convert.TryFromBase64String(page, bytes, out var length) ? Encoding.UTF8.GetString(bytes, 0, length) : null;
    }
}
