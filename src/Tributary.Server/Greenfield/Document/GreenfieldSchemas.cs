using System.Text.Json;
using Tributary.Server.Greenfield.Frame;

namespace Tributary.Server.Greenfield.Document;

/// <summary>The schemas of the document: of requests by what handlers read, of answers by BTCPay's names.</summary>
internal static class GreenfieldSchemas
{
    public const string Problem = "ProblemDetails";
    public const string Problems = "ValidationProblemDetails";

    /// <summary>The name of an answer's schema; a list's is that of its items.</summary>
    public static string NameOf(string answer) => answer.EndsWith("[]", StringComparison.Ordinal) ? answer[..^2] : answer;

    public static void Write(Utf8JsonWriter writer, IEnumerable<string> answers)
    {
        writer.WriteStartObject("schemas");
        foreach (var name in answers.Where(static answer => answer.Length > 0).Select(NameOf).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            writer.WriteStartObject(name);
            if (name is "DeliveryId")
            {
                writer.WriteString("type", "string");
            }
            else
            {
                writer.WriteString("type", "object");
                writer.WriteString("description", $"In the shape of BTCPay's {name}; what is not known is null.");
            }

            writer.WriteEndObject();
        }

        WriteProblems(writer);
        writer.WriteEndObject();
    }

    /// <summary>The members of an object, and of those within.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="members">Everything that is read of a body.</param>
    /// <param name="path">The object, with a dot at its end; empty for the body.</param>
    public static void WriteObject(Utf8JsonWriter writer, IReadOnlyList<GreenfieldRecord.Member> members, string path)
    {
        writer.WriteString("type", "object");
        writer.WriteStartObject("properties");
        foreach (var member in members.Where(member => member.Path.StartsWith(path, StringComparison.Ordinal) && !member.Path[path.Length..].Contains('.', StringComparison.Ordinal)))
        {
            writer.WriteStartObject(member.Path[path.Length..]);
            if (members.Any(other => other.Path.StartsWith(member.Path + ".", StringComparison.Ordinal)))
                WriteObject(writer, members, member.Path + ".");
            else
                WriteMember(writer, member);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    /// <summary>One value.</summary>
    public static void WriteMember(Utf8JsonWriter writer, GreenfieldRecord.Member member)
    {
        if (member.IsRepeated)
        {
            writer.WriteString("type", "array");
            writer.WriteStartObject("items");
        }

        writer.WriteString("type", member.Type is "amount" ? "string" : member.Type);
        if (member.Type is "amount")
            writer.WriteString("format", "decimal");
        if (member.Words.Count > 0)
        {
            writer.WriteStartArray("enum");
            foreach (var word in member.Words)
                writer.WriteStringValue(word);
            writer.WriteEndArray();
        }

        if (member.IsRepeated)
            writer.WriteEndObject();
    }

    private static void WriteProblems(Utf8JsonWriter writer)
    {
        writer.WriteStartObject(Problem);
        WriteTexts(writer, "code", "message");
        writer.WriteEndObject();
        writer.WriteStartObject(Problems);
        writer.WriteString("type", "array");
        writer.WriteStartObject("items");
        WriteTexts(writer, "path", "message");
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteTexts(Utf8JsonWriter writer, params ReadOnlySpan<string> names)
    {
        writer.WriteString("type", "object");
        writer.WriteStartObject("properties");
        foreach (var name in names)
        {
            writer.WriteStartObject(name);
            writer.WriteString("type", "string");
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }
}
