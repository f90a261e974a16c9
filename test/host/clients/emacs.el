;;; A person at Emacs with dap-mode: sets a breakpoint, steps, looks, and prints what Emacs knows.
;; emacs --batch -q -l emacs.el ADAPTER-COMMAND... -- DRIVER TEXT-OF-THE-LINE

(setq user-emacs-directory (file-name-as-directory (make-temp-file "rootport-emacs" t))
      make-backup-files nil
      package-enable-at-startup nil)
(package-initialize)
(require 'dap-mode)
(require 'dap-ui)

(defvar rootport-patience 60 "Seconds that an answer may take on a busy machine.")
(defvar rootport-stops 0)
(defvar rootport-ended nil)

(defun rootport-wait (what holds)
  "Wait until HOLDS returns non-nil; end with an error that names WHAT."
  (let ((late (+ (float-time) rootport-patience)) answer)
    (while (not (setq answer (funcall holds)))
      (when (> (float-time) late) (error "Emacs still waits for %s" what))
      (accept-process-output nil 0.05))
    answer))

(defun rootport-say (format &rest things)
  (princ (concat (apply #'format format things) "\n")))

(defun rootport-frame ()
  (dap--debug-session-active-frame (dap--cur-session)))

(defun rootport-do (move)
  "Make MOVE, wait for the stop that follows, and say where it is."
  (let ((before rootport-stops))
    (funcall move)
    (rootport-wait "a stop" (lambda () (> rootport-stops before))))
  (rootport-say "stands in %s: %s"
                (gethash "name" (rootport-frame))
                (string-trim (thing-at-point 'line t))))

(defun rootport-ask (command &rest arguments)
  "The body of the answer to a request."
  (let (body)
    (dap--send-message (dap--make-request command arguments)
                       (lambda (answer)
                         (unless (gethash "success" answer) (error "%s: %s" command (gethash "message" answer)))
                         (setq body (gethash "body" answer)))
                       (dap--cur-session))
    (rootport-wait (format "the answer to %s" command) (lambda () body))))

(defun rootport-locals ()
  (let* ((scopes (gethash "scopes" (rootport-ask "scopes" :frameId (gethash "id" (rootport-frame)))))
         (reference (gethash "variablesReference" (elt scopes 0)))
         (variables (gethash "variables" (rootport-ask "variables" :variablesReference reference))))
    (mapconcat (lambda (variable) (gethash "name" variable)) variables ", ")))

(defun rootport-evaluate (expression)
  (gethash "result" (rootport-ask "evaluate" :expression expression :context "watch"
                                  :frameId (gethash "id" (rootport-frame)))))

(let* ((split (seq-position command-line-args-left "--"))
       (adapter (seq-take command-line-args-left split))
       (driver (elt command-line-args-left (+ split 1)))
       (line (elt command-line-args-left (+ split 2))))
  (setq command-line-args-left nil)
  (dap-register-debug-provider "rootport" (lambda (conf) (plist-put conf :dap-server-path adapter)))
  (add-hook 'dap-stack-frame-changed-hook
            (lambda (&rest _) (when (rootport-frame) (setq rootport-stops (1+ rootport-stops)))))
  (add-hook 'dap-terminated-hook (lambda (&rest _) (setq rootport-ended t)))
  (find-file driver)
  (search-forward line)
  (dap-breakpoint-add)
  (rootport-do
   (lambda () (dap-debug (list :type "rootport" :request "launch" :name "driver" :program driver))))
  (rootport-do (lambda () (dap-next (dap--cur-session))))
  (rootport-say "locals: %s" (rootport-locals))
  (rootport-say "edu.ID is %s" (rootport-evaluate "edu.ID"))
  (rootport-ask "evaluate" :expression "wp edu.FACTORIAL w" :context "repl")
  (rootport-do (lambda () (dap-continue (dap--cur-session) (dap--debug-session-thread-id (dap--cur-session)))))
  (rootport-say "it stopped at a %s" (gethash (dap--debug-session-thread-id (dap--cur-session))
                                              (dap--debug-session-thread-states (dap--cur-session))))
  (dap-disconnect (dap--cur-session))
  (rootport-wait "the end" (lambda () rootport-ended))
  (rootport-say "ended"))
