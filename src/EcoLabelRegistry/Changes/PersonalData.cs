using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace EcoLabelRegistry.Changes;

/// <summary>Keeps personal members out of the chain's reach, so that they can be removed by law and the chain still verifies.</summary>
/// <remarks>
/// The digest of an entry is taken over its data with each personal member replaced by the digest of a salt of its own and the value.
/// Without the salt the digest tells nothing of the value. Redacting sets the value to null, removes the salt and leaves the digest:
/// <c>"holder": null</c> in the data, <c>"/holder": { "digest": … }</c> in the salts.
/// </remarks>
public static class PersonalData
{
    /// <summary>Members, at any depth, that name a person or may do so.</summary>
    private static readonly HashSet<string> Members = new(["holder", Confidential, "signatories"], StringComparer.Ordinal);

    /// <summary>What somebody writes in his own words to everybody: the text of an objection and of its answer. Elsewhere a text is that of a document.</summary>
    private const string OwnWords = "/text";

    /// <summary>The personal member that is meant for few, and shown to nobody else.</summary>
    private const string Confidential = "contact";

    /// <summary>Salts every personal member of an entry's data.</summary>
    /// <returns>JSON Pointer of each member, with its salt and the digest that stands for it in the chain.</returns>
    public static JsonObject Salt(JsonNode data)
    {
        var salts = new JsonObject();
        Visit(data, "", (pointer, value) =>
        {
            var salt = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
            salts[pointer] = new JsonObject { ["salt"] = salt, ["digest"] = DigestOf(salt, value) };
            return value;
        });
        return salts;
    }

    /// <summary>The digest of an entry's data that the chain covers.</summary>
    /// <returns>Null when a personal member does not match its digest any more, or the salts are not those of its personal members: somebody changed them.</returns>
    public static string? Digest(JsonNode data, JsonObject salts)
    {
        var intact = true;
        var salted = 0;
        var covered = data.DeepClone();
        Visit(covered, "", (pointer, value) =>
        {
            if (salts[pointer] is not JsonObject { } entry || (string?)entry["digest"] is not { } digest)
            {
                intact = false;
                return value;
            }

            // A redacted member has lost its salt, and its value with it: nothing can be put in its place.
            salted++;
            intact &= (string?)entry["salt"] is { } salt ? DigestOf(salt, value) == digest : value is null;
            return JsonValue.Create(digest);
        });
        return intact && salted == salts.Count ? CanonicalJson.Digest(covered) : null;
    }

    /// <summary>What the log keeps of an entry's data: its canonical text, the salts of its personal members and the digest that the chain covers.</summary>
    /// <param name="data">The data. It is used up: its personal members are replaced.</param>
    public static SealedData Seal(JsonNode data)
    {
        var text = CanonicalJson.Text(data);
        var salts = Salt(data);
        if (salts.Count > 0)
        {
            Visit(data, "", (pointer, _) => JsonValue.Create((string)salts[pointer]!["digest"]!));
        }

        return new SealedData(
            text,
            CanonicalJson.Text(salts),
            salts.Count == 0 ? Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))) : CanonicalJson.Digest(data));
    }

    /// <summary>Removes personal members for good: the value and its salt. The digest stays, and with it the proof.</summary>
    /// <param name="data">Canonical JSON.</param>
    /// <param name="salts">Salts and digests of its personal members.</param>
    /// <param name="isMeant">Tells by its JSON Pointer whether a member is removed.</param>
    /// <param name="removed">Hears of each value that is.</param>
    /// <returns>What is left; null when there was nothing to remove.</returns>
    public static (string Data, string Salts)? Redact(string data, string salts, Func<string, bool> isMeant, Action<JsonNode?> removed)
    {
        var (left, leftSalts) = (JsonNode.Parse(data)!, JsonNode.Parse(salts)!.AsObject());
        var isChanged = false;
        Visit(left, "", (pointer, value) =>
        {
            if (!isMeant(pointer) || leftSalts[pointer] is not JsonObject entry || !entry.Remove("salt"))
            {
                return value;
            }

            isChanged = true;
            removed(value);
            return null;
        });
        return isChanged ? (CanonicalJson.Text(left), CanonicalJson.Text(leftSalts)) : null;
    }

    /// <summary>What everybody may see of an entry's data: confidential members as if redacted, so that whoever has this alone can still prove it.</summary>
    /// <param name="data">Canonical JSON.</param>
    /// <param name="salts">Salts and digests of its personal members.</param>
    public static (string Data, string Salts) ForEverybody(string data, string salts)
    {
        const string name = "/" + Confidential;
        if (!salts.Contains(name + "\"", StringComparison.Ordinal))
        {
            return (data, salts);
        }

        var (shown, shownSalts) = (JsonNode.Parse(data)!, JsonNode.Parse(salts)!.AsObject());
        Visit(shown, "", (pointer, value) =>
        {
            if (!pointer.EndsWith(name, StringComparison.Ordinal))
            {
                return value;
            }

            shownSalts[pointer]!.AsObject().Remove("salt");
            return null;
        });
        return (CanonicalJson.Text(shown), CanonicalJson.Text(shownSalts));
    }

    /// <summary>What everybody may see of a record as stored: without confidential members.</summary>
    public static string ForEverybody(string data)
    {
        if (!data.Contains($"\"{Confidential}\"", StringComparison.Ordinal))
        {
            return data;
        }

        var shown = JsonNode.Parse(data)!;
        Visit(shown, "", (pointer, value) => pointer.EndsWith("/" + Confidential, StringComparison.Ordinal) ? null : value);
        return shown.ToJsonString(RecordJson.Options);
    }

    private static string DigestOf(string salt, JsonNode? value) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(salt + CanonicalJson.Text(value))));

    private static void Visit(JsonNode? node, string pointer, Func<string, JsonNode?, JsonNode?> replace)
    {
        switch (node)
        {
            case JsonObject members:
                foreach (var name in members.Select(m => m.Key).ToList())
                {
                    var below = $"{pointer}/{name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";
                    if (Members.Contains(name) || below == OwnWords)
                    {
                        var value = members[name];
                        var replaced = replace(below, value);
                        if (!ReferenceEquals(replaced, value))
                        {
                            members[name] = replaced;
                        }
                    }
                    else
                    {
                        Visit(members[name], below, replace);
                    }
                }

                break;
            case JsonArray items:
                for (var i = 0; i < items.Count; i++)
                {
                    Visit(items[i], $"{pointer}/{i}", replace);
                }

                break;
            default:
                break;
        }
    }
}

/// <summary>Data as the log keeps it.</summary>
/// <param name="Data">Canonical JSON.</param>
/// <param name="Salts">Salts and digests of its personal members, as canonical JSON.</param>
/// <param name="Digest">The digest that the chain covers.</param>
public sealed record SealedData(string Data, string Salts, string Digest);
