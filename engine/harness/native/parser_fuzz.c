/* The request parser under libFuzzer, as a module for Python whose run(*arguments) doesn't return.
 *
 * An input's first two bytes say in which pieces the rest arrives, after it has arrived in one:
 * the requests must be the same. Each body is read as wsgi.input beside an io.BytesIO. A
 * difference aborts, and so does an environ with something in it that no request may put there.
 * What the server does with a complete request is done here without an application: answer().
 */
#include "http_request_parser.h"
#include "input.h"
#include "response.h"
#include "server.h"

#define MOST_BODY 16384
#define BODY_IN_MEMORY 2048

PyMODINIT_FUNC PyInit_server(void);
int LLVMFuzzerRunDriver(int *, char ***, int (*)(const uint8_t *, size_t));

typedef struct {
  PyObject *requests; /* what the application would get, in order */
  int refused;        /* a 4xx or 5xx, or nothing, instead of the next one */
  int closed;         /* the last one was the connection's last */
} outcome;

static PyObject *bytes_io;
static int nowhere; /* where "100 Continue" goes */

static void require(int holds, const char *what) {
  if (!holds) {
    fprintf(stderr, "parser_fuzz: %s\n", what);
    if (PyErr_Occurred()) PyErr_Print();
    abort();
  }
}

static void require_same(PyObject *whole, PyObject *pieces) {
  if (PyObject_RichCompareBool(whole, pieces, Py_EQ) == 1) return;
  PyObject_Print(whole, stderr, 0);
  fprintf(stderr, "\nand in pieces\n");
  PyObject_Print(pieces, stderr, 0);
  fprintf(stderr, "\n");
  require(0, "pieces give other requests");
}

static PyObject *whole_body(request *req) {
  PyObject *body;

  if (req->body == NULL) return PyBytes_FromString("");
  if (req->body_type == BODY_TYPE_TMPFILE) {
    FILE *file = req->body;
    require(fseek(file, 0, SEEK_END) == 0, "the temporary file has an end");
    body = PyBytes_FromStringAndSize(NULL, ftell(file));
    rewind(file);
    require(body && fread(PyBytes_AS_STRING(body), 1, PyBytes_GET_SIZE(body), file) ==
                        (size_t)PyBytes_GET_SIZE(body),
            "the temporary file can be read");
    return body;
  }
  return PyBytes_FromStringAndSize(((buffer_t *)req->body)->buf, ((buffer_t *)req->body)->len);
}

/* read(), readline() and iteration give what io.BytesIO gives */
static void read_as_input(request *req, PyObject *body, const uint8_t *how, size_t len) {
  static const char *const calls[] = {"read", "readline", "__next__", "readlines"};
  PyObject *input, *like, *got, *due;
  size_t i;
  int more = 1;

  if (req->body_type == BODY_TYPE_TMPFILE) return;
  input = InputObject_New(req->body ? req->body : new_buffer(0, 0));
  req->body = NULL;
  like = PyObject_CallFunctionObjArgs(bytes_io, body, NULL);
  require(input && like, "memory");
  for (i = 0; more && i < 64; i++) {
    uint8_t step = len ? how[i % len] : 0;
    const char *call = calls[step & 3];
    int size = (step >> 2) - 1;
    const char *format = (step & 3) == 2 ? NULL : "i";
    got = PyObject_CallMethod(input, call, format, size);
    PyErr_Clear();
    due = PyObject_CallMethod(like, call, format, size);
    PyErr_Clear();
    /* at the end a __next__ raises */
    require(got && due ? PyObject_RichCompareBool(got, due, Py_EQ) == 1 : got == due, call);
    more = due && (size == 0 || PyObject_Size(due) > 0);
    Py_XDECREF(got);
    Py_XDECREF(due);
  }
  Py_DECREF(input);
  Py_DECREF(like);
}

static void check_environ(PyObject *environ, PyObject *body) {
  PyObject *key, *value, *length = PyDict_GetItemString(environ, "CONTENT_LENGTH");
  Py_ssize_t position = 0, i;

  while (PyDict_Next(environ, &position, &key, &value)) {
    require(PyUnicode_Check(key) && PyUnicode_IS_ASCII(key), "a name in environ is ASCII");
    if (!PyUnicode_Check(value)) continue;
    require(PyUnicode_KIND(value) == PyUnicode_1BYTE_KIND, "a value in environ is Latin-1");
    if (PyUnicode_CompareWithASCIIString(key, "PATH_INFO") == 0) {
      Py_UCS4 first = PyUnicode_GET_LENGTH(value) ? PyUnicode_READ_CHAR(value, 0) : 0;
      require(first == '/' || first == '*', "a path begins with a slash");
      continue; /* %00 and the like are decoded */
    }
    for (i = 0; i < PyUnicode_GET_LENGTH(value); i++) {
      Py_UCS4 c = PyUnicode_READ_CHAR(value, i);
      require(c != '\0' && c != '\r' && c != '\n', "no NUL, CR or LF in a value");
    }
  }
  require(!length || !PyDict_GetItemString(environ, "HTTP_TRANSFER_ENCODING"),
          "a body is framed in one way");
  if (length != NULL) {
    PyObject *number = PyLong_FromUnicodeObject(length, 10);
    require(number && PyLong_AsLong(number) == PyBytes_GET_SIZE(body),
            "a body is as long as its Content-Length");
    Py_DECREF(number);
  }
}

/* what is complete is answered; what is not, and what is refused, is dropped */
static void answer(client_t *client, outcome *to, const uint8_t *how, size_t len) {
  request *req;

  while ((req = shift_request(client->request_queue)) != NULL) {
    PyObject *body = whole_body(req), *seen;
    int whole = client->complete || client->request_queue->size > 0;
    if (whole && !to->closed && req->bad_request_code == 0) {
      require(body != NULL, "memory");
      check_environ(req->environ, body);
      read_as_input(req, body, how, len);
      seen = Py_BuildValue("(iOO)", req->method, req->environ, body);
      require(seen && PyList_Append(to->requests, seen) == 0, "memory");
      Py_DECREF(seen);
      to->closed = !req->keep_alive;
    }
    Py_XDECREF(body);
    if (req->body && req->body_type == BODY_TYPE_TMPFILE) {
      fclose(req->body);
    } else if (req->body) {
      free_buffer(req->body);
    }
    req->body = NULL;
    Py_CLEAR(req->environ);
    free_request(req);
  }
  client->current_req = NULL;
}

static outcome receive(const uint8_t *data, size_t len, const uint8_t *how, size_t sizes) {
  outcome to = {PyList_New(0), 0, 0};
  client_t client;
  size_t at = 0, turn = 0;

  memset(&client, 0, sizeof(client));
  client.fd = nowhere;
  client.complete = 1;
  client.request_queue = new_request_queue();
  strcpy(client.remote_addr, "192.0.2.1");
  client.remote_port = 1;
  require(to.requests && client.request_queue && init_parser(&client, "a", 80) == 0, "memory");
  while (at < len && !to.refused && !to.closed) {
    size_t size = sizes ? 1 + how[turn++ % sizes] : len, used;
    char *piece; /* as long as it is: AddressSanitizer sees a byte too far */
    if (size > len - at) size = len - at;
    piece = malloc(size);
    require(piece != NULL, "memory");
    memcpy(piece, data + at, size);
    at += size;
    used = execute_parse(&client, piece, size);
    free(piece);
    to.refused = used != size || HTTP_PARSER_ERRNO(client.http_parser) != HPE_OK ||
                 (client.current_req && client.current_req->bad_request_code > 0);
    if (to.refused || (client.complete && client.request_queue->size > 0)) {
      answer(&client, &to, how, sizes);
      client.complete = 1;
    }
  }
  answer(&client, &to, how, sizes);
  PyErr_Clear();
  free_request_queue(client.request_queue);
  PyMem_Free(client.http_parser);
  Py_CLEAR(client.addr_obj);
  Py_CLEAR(client.port_obj);
  return to;
}

static int one_input(const uint8_t *data, size_t len) {
  outcome whole, pieces;

  if (len < 2) return 0;
  whole = receive(data + 2, len - 2, NULL, 0);
  pieces = receive(data + 2, len - 2, data, 2);
  if (PyList_GET_SIZE(whole.requests) < LIMIT_PIPELINE) {
    require_same(whole.requests, pieces.requests);
    require(whole.closed == pieces.closed, "pieces end the connection in the same place");
    /* a name that goes on in another piece tells of the header before it that much earlier */
    require(!whole.refused || pieces.refused || whole.closed, "pieces of what is refused are too");
  }
  Py_DECREF(whole.requests);
  Py_DECREF(pieces.requests);
  return 0;
}

static PyObject *run(PyObject *self, PyObject *arguments) {
  int count = (int)PyTuple_GET_SIZE(arguments), i;
  char **words = calloc(count + 1, sizeof(*words));

  for (i = 0; words && i < count; i++) {
    const char *word = PyUnicode_AsUTF8(PyTuple_GET_ITEM(arguments, i));
    if (word == NULL) return NULL;
    words[i] = strdup(word);
  }
  require(words != NULL, "memory");
  return PyLong_FromLong(LLVMFuzzerRunDriver(&count, &words, one_input));
}

static PyMethodDef methods[] = {{"run", run, METH_VARARGS, NULL}, {NULL}};
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "parser_fuzz", NULL, -1, methods};

PyMODINIT_FUNC PyInit_parser_fuzz(void) {
  PyObject *server = PyInit_server(), *io = PyImport_ImportModule("io");

  require(server && io, "modules");
  bytes_io = PyObject_GetAttrString(io, "BytesIO");
  nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
  require(bytes_io && nowhere != -1, "what it reads with");
  max_content_length = MOST_BODY;
  client_body_buffer_size = BODY_IN_MEMORY;
  cache_time_init();
  setup_static_env("a", 80);
  return PyModule_Create(&module);
}
