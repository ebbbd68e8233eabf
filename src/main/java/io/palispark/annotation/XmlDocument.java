package io.palispark.annotation;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * XML of strangers: no document type, no entities but the five of XML itself, no file or address is ever opened. The
 * JDK's own parser is used, whatever else is on the class path.
 */
final class XmlDocument implements Closeable {

    private static final int DECLARATION = 200;
    private static final Pattern ENCODING =
            Pattern.compile("^[^\\w>]*xml[^>]*\\bencoding\\s*=\\s*[\"']([^\"'>]+)[\"']");

    private final ReadLimits limits;
    private final InputStream stream;
    private final XMLStreamReader reader;

    private XmlDocument(InputStream stream, Charset encoding, ReadLimits limits) throws XMLStreamException {
        this.limits = limits;
        this.stream = stream;
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_COALESCING, true);
        factory.setXMLResolver((publicId, systemId, base, namespace) -> {
            throw new XMLStreamException("an external entity is not read");
        });
        // Decoded here, strictly: the parser would print what it cannot decode.
        this.reader = factory.createXMLStreamReader(new InputStreamReader(stream, encoding.newDecoder()));
    }

    /** A document before its root. */
    static XmlDocument open(AnnotationSource source, ReadLimits limits) throws IOException, DocumentException {
        BufferedInputStream stream = new BufferedInputStream(JsonDocument.bytes(source));
        try {
            return new XmlDocument(stream, encoding(stream), limits);
        } catch (XMLStreamException invalid) {
            stream.close();
            throw fault(invalid);
        } catch (DocumentException unusable) {
            stream.close();
            throw unusable;
        }
    }

    /** Told by the byte order mark, which is passed, or the XML declaration; else UTF-8. */
    private static Charset encoding(BufferedInputStream stream) throws IOException, DocumentException {
        stream.mark(DECLARATION);
        byte[] start = stream.readNBytes(DECLARATION);
        stream.reset();
        if (start.length == 0) {
            throw new DocumentException(ReasonCode.FILE_EMPTY, "no content");
        }
        String text = new String(start, StandardCharsets.ISO_8859_1);
        if (text.startsWith("\u00FE\u00FF") || text.startsWith("\u00FF\u00FE")) {
            return StandardCharsets.UTF_16;
        }
        if (text.startsWith("\u00EF\u00BB\u00BF")) {
            stream.skipNBytes(3);
        }
        Matcher declared = ENCODING.matcher(text);
        if (!declared.find()) {
            return StandardCharsets.UTF_8;
        }
        try {
            return Charset.forName(declared.group(1));
        } catch (IllegalArgumentException unknown) {
            throw new DocumentException(
                    ReasonCode.ENCODING_INVALID, "the encoding " + Defect.quote(declared.group(1)) + " is unknown");
        }
    }

    /** A whole small document: its root, which must have this name. */
    static XmlElement root(AnnotationSource source, String name, ReadLimits limits)
            throws IOException, DocumentException {
        byte[] bytes = SmallDocument.bytes(source, limits);
        AnnotationSource inMemory = new InMemory(source.name(), bytes);
        try (XmlDocument document = open(inMemory, limits)) {
            XmlElement root = document.element(document.nextElement());
            document.end();
            if (!root.name().equals(name)) {
                throw new DocumentException(
                        ReasonCode.DOCUMENT_KIND_UNEXPECTED,
                        "the root element is " + Defect.quote(root.name()) + ", not " + name);
            }
            return root;
        }
    }

    private record InMemory(String name, byte[] content) implements AnnotationSource {
        @Override
        public InputStream open() {
            return new java.io.ByteArrayInputStream(content);
        }
    }

    /** Goes to the next start of an element; null at the end of the enclosing one. */
    String nextElement() throws IOException, DocumentException {
        try {
            while (reader.hasNext()) {
                int event = reader.next();
                refuse(event);
                if (event == XMLStreamConstants.START_ELEMENT) {
                    return reader.getLocalName();
                }
                if (event == XMLStreamConstants.END_ELEMENT) {
                    return null;
                }
            }
            return null;
        } catch (XMLStreamException invalid) {
            throw fault(invalid);
        }
    }

    /** Reads the element whose start was just met, with all it holds. */
    XmlElement element(String name) throws IOException, DocumentException {
        XmlElement root = started(name);
        Deque<XmlElement> open = new ArrayDeque<>();
        open.push(root);
        try {
            while (!open.isEmpty()) {
                int event = reader.next();
                refuse(event);
                if (event == XMLStreamConstants.START_ELEMENT) {
                    XmlElement child = started(reader.getLocalName());
                    open.element().children().add(child);
                    open.push(child);
                    if (open.size() > limits.nesting()) {
                        throw new DocumentException(
                                ReasonCode.SYNTAX_INVALID, "elements nest deeper than " + limits.nesting());
                    }
                } else if (event == XMLStreamConstants.END_ELEMENT) {
                    open.pop();
                } else if (event == XMLStreamConstants.CHARACTERS || event == XMLStreamConstants.CDATA) {
                    append(open.element().appendable());
                }
            }
            return root;
        } catch (XMLStreamException invalid) {
            throw fault(invalid);
        }
    }

    /** Skips the element whose start was just met. */
    void skip() throws IOException, DocumentException {
        for (int depth = 1; depth > 0; ) {
            depth += nextElement() == null ? -1 : 1;
        }
    }

    /** Reads on to the end of the document, so that damage there is found. */
    void end() throws IOException, DocumentException {
        try {
            while (reader.hasNext()) {
                refuse(reader.next());
            }
        } catch (XMLStreamException invalid) {
            throw fault(invalid);
        }
    }

    /** An attribute of the element whose start was just met, null when there is none. */
    String attribute(String key) {
        return reader.getAttributeValue(null, key);
    }

    private XmlElement started(String name) {
        XmlElement element = new XmlElement(name);
        for (int i = 0; i < reader.getAttributeCount(); i++) {
            element.attribute(reader.getAttributeLocalName(i), reader.getAttributeValue(i));
        }
        return element;
    }

    private void append(StringBuilder text) throws DocumentException {
        if ((long) text.length() + reader.getTextLength() > limits.stringLength()) {
            throw new DocumentException(
                    ReasonCode.SYNTAX_INVALID, "a text of more than " + limits.stringLength() + " characters");
        }
        text.append(reader.getText());
    }

    private static void refuse(int event) throws DocumentException {
        if (event == XMLStreamConstants.DTD || event == XMLStreamConstants.ENTITY_REFERENCE) {
            throw new DocumentException(ReasonCode.ENTITY_FORBIDDEN, "a document type or an entity, which is not read");
        }
    }

    private static DocumentException fault(XMLStreamException invalid) throws IOException {
        Throwable cause = invalid.getNestedException();
        if (cause instanceof CharacterCodingException) {
            return new DocumentException(
                    ReasonCode.ENCODING_INVALID, "the bytes are not in the declared encoding, or in UTF-8 without one");
        }
        if (cause instanceof IOException unreadable) {
            throw unreadable;
        }
        String message =
                invalid.getMessage().lines().reduce((first, last) -> last).orElse("");
        String place = invalid.getLocation() == null
                ? ""
                : " at line " + invalid.getLocation().getLineNumber() + ", column "
                        + invalid.getLocation().getColumnNumber();
        return new DocumentException(ReasonCode.SYNTAX_INVALID, message + place);
    }

    @Override
    public void close() throws IOException {
        try {
            reader.close();
        } catch (XMLStreamException failure) {
            throw new IOException("Cannot close an XML document: " + failure.getMessage(), failure);
        } finally {
            stream.close();
        }
    }
}
