using System.Text;
using System.Xml;
using EcoLabelRegistry.Http;

namespace EcoLabelRegistry.Checks.Lists;

/// <summary>Reads the lines of a UBL 2.1 catalogue, as Peppol's catalogue uses it.</summary>
/// <remarks>
/// Of a line (<c>cac:CatalogueLine</c>): its id; of its item the GTIN (<c>cac:StandardItemIdentification/cbc:ID</c> of scheme 0160), brand, model, the class
/// (<c>cbc:ItemClassificationCode</c> of CPV or UNSPSC) and each label (<c>cac:Certificate</c>), whose code stands in <c>cbc:CertificateTypeCode</c>, its number
/// then in <c>cbc:ID</c>; or in <c>cbc:ID</c>, its number then in <c>cac:DocumentReference/cbc:ID</c>. A line with several labels is asked once for each.
/// </remarks>
internal static class ReadCatalogue
{
    private const string Namespace = "urn:oasis:names:specification:ubl:schema:xsd:";
    private const int Deepest = 64;

    private static readonly XmlReaderSettings Settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
    };

    /// <summary>Reads them all.</summary>
    /// <exception cref="RefusalException">It is no XML, or no catalogue.</exception>
    public static AskedItem[] Read(byte[] xml, Encoding? encoding)
    {
        try
        {
            using var bytes = new MemoryStream(xml);
            using var text = encoding is null ? null : new StreamReader(bytes, encoding);
            using var reader = text is null ? XmlReader.Create(bytes, Settings) : XmlReader.Create(text, Settings);
            return [.. Lines(reader).SelectMany(line => line.Items())];
        }
        catch (XmlException broken)
        {
            throw new RefusalException(ProblemCode.UnreadableBody, new Message("fault.xml", broken.LineNumber, broken.LinePosition), broken);
        }
    }

    private static IEnumerable<Line> Lines(XmlReader reader)
    {
        reader.MoveToContent();
        if (reader.LocalName != "Catalogue" || !reader.NamespaceURI.StartsWith(Namespace, StringComparison.Ordinal))
        {
            throw new RefusalException(ProblemCode.UnreadableBody, new Message("fault.not-a-catalogue", reader.LocalName));
        }

        while (reader.Read())
        {
            if (reader is { NodeType: XmlNodeType.Element, LocalName: "CatalogueLine", Depth: 1 })
            {
                using var inside = reader.ReadSubtree();
                yield return Read(inside);
            }
        }
    }

    private static Line Read(XmlReader reader)
    {
        var line = new Line();
        var names = new string[Deepest];
        string? list = null;
        while (reader.Read())
        {
            if (reader.Depth >= Deepest)
            {
                throw new XmlException(null, null, (reader as IXmlLineInfo)?.LineNumber ?? 0, (reader as IXmlLineInfo)?.LinePosition ?? 0);
            }

            switch (reader.NodeType)
            {
                case XmlNodeType.Element:
                    names[reader.Depth] = reader.LocalName;
                    list = reader.GetAttribute("schemeID") ?? reader.GetAttribute("listID");
                    if (reader.LocalName == "Certificate" && reader.Depth == 2)
                    {
                        line.Labels.Add(new(null, null, null, IsLabel: true));
                    }

                    break;
                case XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace:
                    Take(line, string.Join('/', names, 1, reader.Depth - 1), list, reader.Value.Trim());
                    break;
            }
        }

        return line;
    }

    private static void Take(Line line, string path, string? list, string text)
    {
        switch (path)
        {
            case "ID":
                line.Id = text;
                break;
            case "Item/BrandName":
                line.Brand = text;
                break;
            case "Item/ModelName":
                line.Model = text;
                break;
            case "Item/StandardItemIdentification/ID" when list is "0160" or "GTIN":
                line.Gtin = text;
                break;
            case "Item/CommodityClassification/ItemClassificationCode":
                line.Category ??= Classification.Of(list, text);
                break;
            case "Item/Certificate/CertificateTypeCode":
                line.Labels[^1] = line.Labels[^1] with { Type = text };
                break;
            case "Item/Certificate/ID":
                line.Labels[^1] = line.Labels[^1] with { Id = text };
                break;
            case "Item/Certificate/DocumentReference/ID":
                line.Labels[^1] = line.Labels[^1] with { Number = text };
                break;
        }
    }

    private sealed class Line
    {
        public string? Id { get; set; }

        public string? Gtin { get; set; }

        public string? Brand { get; set; }

        public string? Model { get; set; }

        public string? Category { get; set; }

        public List<NamedLabel> Labels { get; } = [];

        public IEnumerable<AskedItem> Items()
        {
            var item = new CheckMany.Item(Id, Gtin: Gtin, Brand: Brand, Model: Model, Category: Category);
            return Labels.Count == 0 ? [new AskedItem(Id, item, null)] : Labels.Select(label => new AskedItem(Id, item, null) { Labels = [label] });
        }
    }
}

/// <summary>A class of another classification, as the registry writes it.</summary>
internal static class Classification
{
    /// <summary>The category that a class of a list means; null when the list is neither CPV nor UNSPSC.</summary>
    /// <remarks>UNTDID 7143 has TSP for CPV and TST for UNSPSC. Spreadsheets and exports make <c>45233130.0</c> of a code.</remarks>
    public static string? Of(string? list, string? code)
    {
        var digits = code?.Split('.')[0].Trim();
        return string.IsNullOrEmpty(digits) ? null : list?.ToUpperInvariant() switch
        {
            "CPV" or "TSP" or "STI" => "cpv:" + digits,
            "UNSPSC" or "TST" => "unspsc:" + digits,
            _ => null,
        };
    }
}
