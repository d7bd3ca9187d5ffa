using System.Text.Json;

namespace Tributary.Server.Greenfield.Frame;

/// <summary>A status and a JSON body; an empty body where there is nothing to say.</summary>
internal readonly record struct GreenfieldAnswer(int Status, ReadOnlyMemory<byte> Body)
{
    /// <summary>Done, and nothing to say.</summary>
    public static GreenfieldAnswer Done { get; } = new(StatusCodes.Status200OK, default);

    /// <summary>Success with one object: 200, as everything but a new user is answered with.</summary>
    public static GreenfieldAnswer Of(Action<Utf8JsonWriter> write) => Of(StatusCodes.Status200OK, write);

    public static GreenfieldAnswer Of(int status, Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
            write(writer);
        return new GreenfieldAnswer(status, stream.ToArray());
    }

    /// <summary>Success with a list.</summary>
    public static GreenfieldAnswer List<T>(IEnumerable<T> items, Action<Utf8JsonWriter, T> write) => Of(writer =>
    {
        writer.WriteStartArray();
        foreach (var item in items)
            write(writer, item);
        writer.WriteEndArray();
    });
}
