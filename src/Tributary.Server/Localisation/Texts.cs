using System.Collections.Frozen;
using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Json;
using Microsoft.Net.Http.Headers;

namespace Tributary.Server.Localisation;

/// <summary>
/// The words of pages in one language. Each language is one file of keys and texts (<c>web/texts</c>); a key that a language lacks is said in
/// English. <c>ar-XB</c> is English from right to left: it shows what a layout does to languages that run the other way.
/// </summary>
public sealed class Texts
{
    /// <summary>The pseudo-language that runs from right to left.</summary>
    public const string PseudoTag = "ar-XB";

    private static readonly FrozenDictionary<string, string> s_english = Load("en");

    private readonly FrozenDictionary<string, string> _words;

    private Texts(Language language, FrozenDictionary<string, string> words)
    {
        Language = language;
        _words = words;
    }

    public static Texts English { get; } = new(new Language("en", "English", IsRightToLeft: false, IsOffered: true), s_english);

    /// <summary>All languages, the default first.</summary>
    public static IReadOnlyList<Texts> All { get; } =
    [
        English,
        new(new Language("de", "Deutsch", IsRightToLeft: false, IsOffered: true), Load("de")),
        new(new Language(PseudoTag, "Pseudo (right to left)", IsRightToLeft: true, IsOffered: false), Mirror(s_english)),
    ];

    public Language Language { get; }

    /// <summary>The keys that the language's own file holds.</summary>
    public IEnumerable<string> Keys => _words.Keys;

    /// <summary>The text of a key.</summary>
    public string this[string key] => _words.TryGetValue(key, out var text) || s_english.TryGetValue(key, out text) ? text : throw new KeyNotFoundException($"No text is called '{key}'.");

    /// <summary>The text of a key with its places filled.</summary>
    public string Format(string key, params object?[] values) => string.Format(CultureInfo.InvariantCulture, this[key], values);

    /// <summary>A text whose key is put together from what a program says; the other one where there is none.</summary>
    public string Find(string key, string otherwise) => _words.TryGetValue(key, out var text) || s_english.TryGetValue(key, out text) ? text : otherwise;

    /// <summary>What the address asks for, or else the browser, or else English.</summary>
    /// <param name="request">The request.</param>
    /// <param name="preferred">What the page's maker chose before the browser; null, or a language that is not there, leaves it to the browser.</param>
    public static Texts For(HttpRequest request, string? preferred = null)
    {
        if (Find(request.Query["lang"].ToString()) is { } asked)
            return asked;
        if (Find(preferred ?? "") is { } chosen)
            return chosen;
        var header = request.Headers.AcceptLanguage.ToString();
        if (header.Length is 0 or > 500 || !StringWithQualityHeaderValue.TryParseList([header], out var wanted))
            return English;
        return wanted.OrderByDescending(static language => language.Quality ?? 1).Select(static language => Find(language.Value.ToString())).FirstOrDefault(static texts => texts is not null) ?? English;
    }

    private static Texts? Find(string tag) => tag.Length == 0 ? null : All.FirstOrDefault(texts => Matches(tag, texts.Language.Tag));

    // "de-AT" is served by "de".
    private static bool Matches(string asked, string tag) =>
        string.Equals(asked, tag, StringComparison.OrdinalIgnoreCase) || asked.StartsWith(tag + "-", StringComparison.OrdinalIgnoreCase);

    private static FrozenDictionary<string, string> Load(string tag)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"web/texts/{tag}.json") ?? throw new InvalidOperationException($"The assembly lacks the texts of {tag}.");
        var words = JsonSerializer.Deserialize(stream, TextsJson.Default.DictionaryStringString) ?? throw new InvalidOperationException($"The texts of {tag} are empty.");
        return words.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private static FrozenDictionary<string, string> Mirror(FrozenDictionary<string, string> words) =>
        words.ToFrozenDictionary(static pair => pair.Key, static pair => pair.Key.StartsWith("number.", StringComparison.Ordinal) ? pair.Value : Mirror(pair.Value), StringComparer.Ordinal);

    // Each word between RIGHT-TO-LEFT OVERRIDE and POP DIRECTIONAL FORMATTING; what stands in braces is filled in later and left alone.
    private static string Mirror(string text)
    {
        var mirrored = new StringBuilder();
        var isInside = false;
        foreach (var c in text)
        {
            var isWord = char.IsLetter(c);
            if (isWord && !isInside)
                mirrored.Append('\u202e');
            else if (!isWord && isInside)
                mirrored.Append('\u202c');
            isInside = isWord;
            mirrored.Append(c);
        }

        return isInside ? mirrored.Append('\u202c').ToString() : mirrored.ToString();
    }
}
