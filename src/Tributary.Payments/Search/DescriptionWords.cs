using System.Collections.Immutable;
using Tributary.Payments.Intents;
using Tributary.Payments.Storage;
using Tributary.Storage.Relational;

namespace Tributary.Payments.Search;

/// <summary>The words of payments' descriptions, kept so that an index finds a payment by any of them.</summary>
public static class DescriptionWords
{
    /// <summary>More words than these are not kept, and not asked for.</summary>
    public const int WordsMax = 40;

    private const int LengthMax = 40;

    /// <summary>Runs of letters and digits, in lower case, each once.</summary>
    public static ImmutableArray<string> Of(string? text)
    {
        var words = ImmutableArray.CreateBuilder<string>();
        for (var (start, at) = (0, 0); text is not null && at <= text.Length && words.Count < WordsMax; at++)
        {
            if (at < text.Length && char.IsLetterOrDigit(text[at]))
                continue;
            if (at > start && text[start..Math.Min(at, start + LengthMax)].ToLowerInvariant() is var word && !words.Contains(word, StringComparer.Ordinal))
                words.Add(word);
            start = at + 1;
        }

        return words.ToImmutable();
    }

    /// <summary>After the last word that begins with these letters: no character is encoded higher.</summary>
    internal static string EndOf(string prefix) => prefix + "\U0010FFFF";

    /// <summary>Keeps the words of an intent in place of those it had.</summary>
    internal static async ValueTask WriteAsync(ISqlTransaction transaction, PaymentIntent intent, bool isNew, CancellationToken cancellationToken)
    {
        if (!isNew)
            await transaction.ExecuteAsync("DELETE FROM intent_words WHERE intent_id = @id", new SqlArguments { { "id", intent.Id } }, cancellationToken);
        foreach (var word in Of(intent.Description))
        {
            await transaction.ExecuteOneAsync(
                "INSERT INTO intent_words (store_id, is_live, word, intent_id) VALUES (@store, @live, @word, @id)",
                new SqlArguments { { "store", intent.StoreId }, { "live", intent.IsLive }, { "word", word }, { "id", intent.Id } },
                cancellationToken);
        }
    }

    /// <summary>Makes payments searchable that a version wrote which kept neither amounts nor words; returns how many, so 0 when there are no more.</summary>
    public static async Task<int> FillAsync(IDatabase database, int limit, CancellationToken cancellationToken)
    {
        const string missing = "SELECT id FROM intents WHERE currency IS NULL LIMIT @limit";
        var arguments = new SqlArguments { { "limit", limit } };
        if (await database.ReadAsync((transaction, token) => transaction.QueryAsync(missing, arguments, static row => row.Text(0), token), cancellationToken) is [])
            return 0;
        return await database.WriteAsync(
            async (transaction, token) =>
            {
                var ids = await transaction.QueryAsync(missing, arguments, static row => row.Text(0), token);
                foreach (var id in ids)
                {
                    var intent = (await PaymentStore.FindAsync(transaction, id, token))!.Intent;
                    await transaction.ExecuteOneAsync(
                        "UPDATE intents SET currency = @currency, amount = @amount WHERE id = @id",
                        new SqlArguments { { "id", id }, { "currency", intent.Amount.Currency.Code }, { "amount", intent.Amount.MinorUnits } },
                        token);
                    await WriteAsync(transaction, intent, isNew: false, token);
                }

                return ids.Count;
            },
            cancellationToken);
    }
}
